import { describe, expect, it } from 'vitest'
import type { TrialOutcome } from '../model/suite.ts'
import { hasXmllint, schemaSays } from './fixture/jenkins.ts'
import { failingResult, passingResult } from './fixture/result.ts'
import { suiteReporters, summarizeSuite } from './index.ts'

const trial = (number: number, more: Partial<TrialOutcome>): TrialOutcome => ({
  scenario: 'master-power-off',
  lab: 'opnsense-single-wan',
  number,
  of: 3,
  folder: null,
  result: null,
  reason: '',
  exitCode: 2,
  ...more,
})

const suite = [
  trial(1, { result: passingResult(), folder: 'first', exitCode: 0 }),
  trial(2, { result: failingResult(), folder: 'second', exitCode: 1 }),
  trial(3, { reason: 'VM 9101 could not be rolled back', exitCode: 69 }),
]

describe('junit.xml of a suite', () => {
  const xml = suiteReporters['junit.xml'](suite)

  it('has a suite per trial, which CI can tell apart by name and class', () => {
    expect(xml.match(/<testsuite name="[^"]*"/g)).toEqual(
      [1, 2, 3].map((number) => `<testsuite name="master-power-off, trial ${number}"`),
    )
    expect(xml).toContain('classname="opnsense-single-wan.master-power-off, trial 2"')
  })

  it('names a scenario with one trial by its name alone', () => {
    const once = [{ ...trial(1, { result: passingResult() }), of: 1 }]
    expect(suiteReporters['junit.xml'](once)).toContain('<testsuite name="master-power-off" ')
  })

  it('counts a trial that did not take place as an error with its reason', () => {
    expect(xml).toContain('<testsuites name="firedrill" tests="10" failures="2" errors="1" time="202.500">')
    expect(xml).toContain('<error type="verdict" message="VM 9101 could not be rolled back"')
  })

  it('is valid against the schema of Jenkins', ({ skip }) => {
    skip(!hasXmllint(), 'xmllint is not installed (Debian: libxml2-utils)')
    expect(schemaSays(xml)).toBe('- validates')
  })
})

it('suite.json has the worst verdict, when it ran, and each trial with its folder', () => {
  const sittings = [{ startedAt: '2026-11-01T03:00:00.000Z', endedAt: '2026-11-01T03:05:00.000Z', jobs: 2 }]
  expect(JSON.parse(suiteReporters['suite.json'](suite, sittings))).toMatchObject({
    verdict: 'fail',
    sittings,
    trials: [
      { scenario: 'master-power-off', trial: 1, of: 3, verdict: 'pass', exitCode: 0, folder: 'first' },
      { verdict: 'fail', exitCode: 1, folder: 'second' },
      { verdict: 'unknown', exitCode: 69, folder: null, told: 'VM 9101 could not be rolled back' },
    ],
  })
})

describe('the closing table', () => {
  it('has a row per trial with its verdict and numbers, and counts the verdicts', () => {
    const text = summarizeSuite(suite, { colour: false, columns: 200 })
    expect(text).toMatch(/master-power-off │ 1 of 3 │ pass +│ failover: 17 packets lost, takeover 3\.52 s/)
    expect(text).toMatch(/2 of 3 │ fail +│ .*Failed because failover\.sessionsAlive of held/)
    expect(text).toMatch(/3 of 3 │ unknown │ did not take place: VM 9101 could not be rolled back/)
    expect(text.split('\n').at(-1)).toBe('3 trials: 1 pass, 1 fail, 1 unknown')
  })

  it('says how many failovers lost no session, and what so few of them prove', () => {
    const held = (low: number, of: number, high = low) => {
      const passing = passingResult()
      const one = { step: 'failover', metric: 'sessionsAlive', stream: 'held', unit: 'count', evidence: '' } as const
      return { ...passing, measurements: [{ ...one, interval: { low, high }, of }] }
    }
    const trials = [held(5000, 5000), held(4998, 5000), held(5000, 5000), held(4999, 5000, 5000)]
    const text = summarizeSuite(
      trials.map((result, index) => trial(index + 1, { result })),
      { colour: false, columns: 200 },
    )
    expect(text.split('\n').at(-2)).toBe(
      'master-power-off: failover: 2 of 3 failovers lost no session (at least 13 % do, with 95 % confidence), 1 not known; 19997 of 20000 sessions alive in all of them',
    )
  })

  it.each([80, 120])('fits %i columns', (columns) => {
    const lines = summarizeSuite(suite, { colour: false, columns }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
  })
})
