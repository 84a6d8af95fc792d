import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readSuite } from './read-suite.ts'

let reports: string
beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), 'firedrill-results-'))
  symlinkSync(join(import.meta.dirname, '../../reports/sample'), join(reports, 'drill'))
  mkdirSync(join(reports, 'suite'))
})
afterEach(() => rmSync(reports, { recursive: true, force: true }))

const entry = { scenario: 'master-power-off', lab: 'opnsense-single-wan', trial: 1, of: 1, exitCode: 0, told: 'told' }
const keep = (suite: object) => writeFileSync(join(reports, 'suite/suite.json'), JSON.stringify(suite))

it('judges the recordings beside the suite, and knows of what did not take place', async () => {
  const sittings = [
    { startedAt: '2026-11-01T03:00:00.000Z', endedAt: '2026-11-01T03:01:00.000Z', jobs: 1 },
    { startedAt: '2026-11-01T04:00:00.000Z', endedAt: '2026-11-01T04:00:30.000Z', jobs: 2 },
  ]
  const missed = { ...entry, scenario: 'missed', verdict: 'unknown', folder: null }
  keep({ verdict: 'unknown', sittings, trials: [{ ...entry, verdict: 'fail', folder: 'drill' }, missed] })
  const suite = await readSuite(join(reports, 'suite'))
  expect(suite).toMatchObject({ name: 'suite', wallMs: 90_000, jobs: 2 })
  const [drilled, other] = suite.trials
  expect(drilled).toMatchObject({ verdict: 'pass', verdictThen: 'fail', result: { verdict: 'pass' } })
  expect(other).toMatchObject({ scenario: 'missed', verdict: 'unknown', result: null })
})

it('does not know how long a suite took that does not say', async () => {
  keep({ verdict: 'pass', trials: [] })
  expect(await readSuite(join(reports, 'suite'))).toEqual({ name: 'suite', trials: [], wallMs: null, jobs: null })
})

it('refuses what is no suite', async () => {
  keep({ verdict: 'pass' })
  await expect(readSuite(join(reports, 'suite'))).rejects.toThrow('trials')
})
