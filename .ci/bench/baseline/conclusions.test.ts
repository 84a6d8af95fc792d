import { expect, it } from 'vitest'
import type { Interval } from '../../../src/model/interval.ts'
import type { Measurement } from '../../../src/model/result.ts'
import { passingResult } from '../../../src/reporters/fixture/result.ts'
import { conclusionsOf } from './conclusions.ts'
import { benchFaults } from './faults.ts'
import type { BenchTrial } from './trial.ts'
import type { Echo, Wire } from './wire.ts'

const addresses = { vip: 'vip', primary: 'fw1', secondary: 'fw2', secondaryWan: 'fw2-wan', outside: 'target' }

/** What one program sends for 60 s; nothing is answered from 20 s to 23 s. */
const sent = (to: string, size: number, everyMs: number): Echo[] =>
  Array.from({ length: 60_000 / everyMs }, (_, index) => {
    const sentMs = index * everyMs
    const isLost = sentMs >= 20_000 && sentMs < 23_000
    return { to, size, id: size, sentMs, answeredMs: isLost ? null : sentMs + 1 }
  })

const client: Wire = {
  echoes: [
    sent('target', 24, 10),
    sent('vip', 24, 10),
    sent('vip', 56, 200),
    sent('target', 58, 1000),
    sent('target', 60, 200),
    sent('target', 56, 200),
    sent('target', -1, 20),
  ].flat(),
  adverts: [{ atMs: 23_000, from: 'fw2', vhid: 2 }],
}
const isp: Wire = { echoes: [], adverts: [{ atMs: 23_000, from: 'fw2-wan', vhid: 1 }] }

const measured = (step: string, stream: string, interval: Interval): Measurement[] => [
  { step, metric: 'outage', stream, unit: 'ms', interval, evidence: '' },
  { step, metric: 'lost', stream, unit: 'count', interval: { low: 15, high: 15 }, evidence: '' },
]

function trialWith(outage: Interval, more: Partial<BenchTrial> = {}): BenchTrial {
  const measurements = ['coarse', 'fine'].flatMap((stream) => [
    ...measured('failover', stream, outage),
    ...measured('failback', stream, { low: 0, high: 200 }),
  ])
  const [fault] = benchFaults
  if (fault === undefined) throw new Error('no fault')
  return {
    fault,
    result: { ...passingResult(), measurements },
    told: {
      script: 'x FAIL: Secondary did not promote: \nx PASS: External\nx Total pings: 301, Lost: 0\n0\n',
      ping: '60 packets transmitted, 57 received, 5% packet loss',
      fping: 'target : xmt/rcv/%loss = 300/285/5%, outage(ms) = 3000',
      client,
      isp,
    },
    stretches: { failover: { fromMs: 20_000, toMs: 40_000 }, failback: { fromMs: 40_000, toMs: 60_000 } },
    refusal: null,
    ...more,
  }
}

const judged = (trial: BenchTrial) => Object.fromEntries(conclusionsOf(trial, addresses).map((one) => [one.who, one]))

it('the script is contradicted by the wire, and what counts is not', () => {
  const { 'failover_test.sh': script, ...others } = judged(trialWith({ low: 2900, high: 3100 }))
  expect(script).toMatchObject({ lostSaid: '"0\\n0"', lostTruly: '15', words: 'promotion FAIL, external PASS' })
  expect(script?.wrong).toHaveLength(3)
  expect(Object.values(others).map(({ who, wrong }) => [who, wrong])).toEqual([
    ['the wire', []],
    ['ping (1 s)', []],
    ['fping -o (200 ms)', []],
    ['firedrill, ping 200 ms', []],
    ['firedrill, udp 20 ms', []],
  ])
  expect(others['the wire']).toMatchObject({ outage: '3.00 ± 0.01, back 0' })
  expect(others['firedrill, udp 20 ms']).toMatchObject({ lostSaid: '15', lostTruly: '150', words: 'pass' })
})

it('the harness is wrong where its interval holds neither truth, and where its verdict is another one', () => {
  const wrong = trialWith({ low: 1000, high: 1200 })
  expect(judged(wrong)['firedrill, ping 200 ms']?.wrong).toEqual(['failover was 3.00 ± 0.01 or 3.00 ± 0.20'])
  const failed = trialWith({ low: 2900, high: 3100 })
  failed.result.verdict = 'fail'
  expect(judged(failed)['firedrill, ping 200 ms']?.wrong).toEqual(['verdict fail'])
})

it('who does not know is not wrong', () => {
  const open = trialWith({ low: 2900, high: 3100 })
  open.result.verdict = 'unknown'
  expect(judged(open)['firedrill, udp 20 ms']).toMatchObject({ isOpen: true, wrong: [] })
})

it("the script's own command is refused, and no verdict comes of it", () => {
  const own = trialWith({ low: 2900, high: 3100 }, { refusal: 'it does nothing although it says so' })
  expect(judged(own)['firedrill, udp 20 ms']).toMatchObject({ words: 'command refused (exit 64)', wrong: [] })
})
