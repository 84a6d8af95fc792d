import { describe, expect, test } from 'vitest'
import { pair as lab } from '../carp/fixture/pair.ts'
import type { Lab } from '../model/lab.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import { unattainable } from './attainable.ts'

const scenario = (
  fault: { kind: string; params: Record<string, unknown> },
  expectation: Partial<Expectation>,
): Scenario => ({
  scenario: 'one',
  question: 'q',
  red: 'r',
  lab: 'pair',
  gate: { cleanForMs: 5000, settleWithinMs: 90_000 },
  probes: {
    through: { kind: 'ping', params: { from: 'client', to: 'target', every: 200 } },
    beside: { kind: 'ping', params: { from: 'client', to: 'other', every: 200 } },
    lease: { kind: 'dhcp-renew', params: { from: 'client', to: 'vip:lan', every: 2000 } },
  },
  steps: [{ name: 'failover', fault, recoverWithinMs: 30_000 }],
  expect: [{ metric: 'failover.takeover', stream: 'through', level: 'fail', because: 'b', ...expectation }],
  claims: [],
})
const crash = { kind: 'vm-stop', params: { on: '$master' } }
const said = (fault: typeof crash, expectation: Partial<Expectation>, of: Lab = lab) =>
  unattainable(scenario(fault, expectation), of).map(({ message }) => message)

describe('a limit', () => {
  test('that CARP meets by the phase of an advertisement only is refused with the arithmetic', () => {
    expect(said(crash, { max: 3000 })).toEqual([
      'expected at least 3411ms for failover.takeover, got 3000ms: fw2 takes VHID 1 over 3 x advbase 1 + skew 100/256 = 3.39 s' +
        ' after the last advertisement + up to 20 ms of ticks; only 60 % of the crashes would meet it, by the phase of the advertisement alone',
    ])
  })

  test('that no takeover can meet is refused as such', () => {
    expect(said(crash, { metric: 'failover.outage', max: 2000 })[0]).toContain(
      'no takeover is as fast as that, the range is 2.39 s to 3.41 s',
    )
  })

  test('on the pair is one on its slowest stream', () => {
    expect(said(crash, { stream: 'pair', max: 3000 })[0]).toContain('expected at least 3411ms for failover.takeover')
    expect(said(crash, { stream: 'pair', max: 3411 })).toEqual([])
  })

  test('on lost packets is held against the probe interval', () => {
    expect(said(crash, { metric: 'failover.lost', max: 3 })[0]).toContain(
      'expected at least 17 at one probe per 200 ms',
    )
    expect(said(crash, { metric: 'failover.lost', max: 17 })).toEqual([])
  })

  test.each<[string, typeof crash, Partial<Expectation>, Lab]>([
    ['at the end of the range', crash, { max: 3411 }, lab],
    ['on renewals, which are asked of everybody', crash, { metric: 'failover.lost', max: 0, stream: 'lease' }, lab],
    ['on a stream that stays on one network', crash, { max: 100, stream: 'beside' }, lab],
    [
      'after a fault that timers do not decide',
      { kind: 'carp-maintenance', params: { on: '$master' } },
      { max: 100 },
      lab,
    ],
    ['after a crash of the backup', { kind: 'vm-stop', params: { on: '$backup' } }, { max: 100 }, lab],
    ['on sessions', crash, { metric: 'failover.stall', max: 100 }, lab],
    ['without a maximum', crash, { min: 1 }, lab],
    [
      'that the faster half of a pair without preemption meets',
      crash,
      { max: 3020 },
      { ...lab, pair: { ...lab.pair, preempt: false } },
    ],
  ])('%s is left as it is', (_, fault, expectation, of) => {
    expect(said(fault, expectation, of)).toEqual([])
  })
})

test('a limit on a step that comes while another fault is there is not held against the timers: nobody knows the master', () => {
  const given = scenario(crash, { max: 100 })
  const steps = [{ name: 'before', fault: crash, recoverWithinMs: 30_000 }, ...given.steps]
  expect(unattainable({ ...given, steps }, lab)).toEqual([])
  const healed = [...steps.slice(0, 1), { name: 'healed', heal: 'before', recoverWithinMs: 30_000 }, ...given.steps]
  expect(unattainable({ ...given, steps: healed }, lab)).toHaveLength(1)
})
