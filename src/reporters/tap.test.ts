import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Result } from '../model/result.ts'
import { failingResult, namedResult, passingResult, unknownResult } from './fixture/result.ts'
import { renderTap } from './tap.ts'

const tool = join(import.meta.dirname, '../../node_modules/tap-junit/bin/tap-junit')

it('tap-junit accepts a pass: exit 0, every case, no failure', () => {
  expect(tapJunit(passingResult())).toMatchObject({ status: 0, tests: 5, failures: 0, skipped: 0 })
})

it('tap-junit counts a fail: exit 1, with the message', () => {
  const { xml, ...counts } = tapJunit(failingResult())
  expect(counts).toEqual({ status: 1, tests: 4, failures: 2, skipped: 0 })
  expect(xml).toMatch(/<failure message="failover\.sessionsAlive of held: 0 \(session 1 was reset[^"]*" type="fail"/)
})

it('unknown is not ok: tap-junit exits 1 and keeps the severity', () => {
  const { xml, ...counts } = tapJunit(unknownResult())
  expect(counts).toEqual({ status: 1, tests: 1, failures: 1, skipped: 0 })
  expect(xml).toContain('type="unknown"')
})

it('a run that judged nothing is one test point that is not ok', () => {
  expect(tapJunit({ ...unknownResult(), findings: [] })).toMatchObject({ status: 1, tests: 1, failures: 1 })
})

it('no title turns a failure into a directive, a subtest or nothing', () => {
  const nasty = [
    'x # SKIP y',
    'x # TODO',
    'x \\# skip',
    'a {',
    'Bail out!',
    '1..0',
    '# Subtest: a',
    '...',
    '---',
    '# time=3ms',
    'failed 1 of 2 tests',
  ]
  const words = [...nasty, ...fc.sample(fc.string({ unit: 'binary' }), 200)]
  const findings = words.flatMap((title) => namedResult(title).findings.slice(1, 2))
  const claims = nasty.map((text) => ({ text, outcome: 'met' as const, message: text }))
  expect(tapJunit({ ...failingResult(), findings, claims })).toMatchObject({
    status: 1,
    tests: words.length,
    failures: words.length,
    skipped: 0,
  })
})

it('says of a warning that it does not decide', () => {
  expect(renderTap(passingResult())).toMatch(
    /\nok 5 - .*\n {2}---\n {2}message: "Warning only, does not decide the verdict.*\n {2}severity: "warning"/,
  )
})

function tapJunit(result: Result) {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-tap-'))
  try {
    const { status } = spawnSync(process.execPath, [tool, '-o', folder, '-n', 'run.xml'], { input: renderTap(result) })
    const xml = readFileSync(join(folder, 'run.xml'), 'utf8')
    const count = (name: string): number => Number(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`).exec(xml)?.[1])
    return { status, xml, tests: count('tests'), failures: count('failures'), skipped: count('skipped') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
