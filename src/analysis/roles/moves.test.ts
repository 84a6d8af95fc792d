import { expect, test } from 'vitest'
import type { ObservedStep } from '../steps.ts'
import type { PairTrial } from './fixture/pair.ts'
import { plainEvents } from './fixture/pair.ts'
import { pairLab } from './fixture/pair-lab.ts'
import { factsOf } from '../facts.ts'
import { accountsOf } from './accounts.ts'
import { measureMoves } from './moves.ts'

const step: ObservedStep = {
  name: 'failover',
  action: 'fault',
  kind: 'vm-suspend',
  of: 'failover',
  ref: '$master',
  machines: ['fw1'],
  startMs: 12_000,
  endMs: 24_000,
  injectedMs: { sent: 12_000, acked: 12_010 },
  effect: null,
  effectMs: null,
  end: 'recovered',
  observedUntilMs: 25_000,
}
const moves = (truth: PairTrial['truth']) =>
  measureMoves(accountsOf(factsOf(plainEvents(truth)), pairLab, [step], 34_000), [step])

test('a VHID whose master is another one in the end has moved, and so has the pair', () => {
  const [pair, own] = moves({ fw1: [{ fromMs: 0, toMs: 12_100 }], fw2: [{ fromMs: 15_390, toMs: 40_000 }] })
  expect(pair).toMatchObject({
    metric: 'moved',
    stream: 'pair',
    step: 'failover',
    interval: { low: 1, high: 1 },
    of: 1,
  })
  expect(own).toMatchObject({ stream: 'vhid-1', interval: { low: 1, high: 1 } })
  expect(own?.evidence).toBe('VHID 1: fw1 was master, in the end fw2')
})

test('one that went and came back within the step has not', () => {
  const [pair] = moves({
    fw1: [
      { fromMs: 0, toMs: 12_100 },
      { fromMs: 20_000, toMs: 40_000 },
    ],
    fw2: [{ fromMs: 15_390, toMs: 20_000 }],
  })
  expect(pair).toMatchObject({
    interval: { low: 0, high: 0 },
    evidence: 'VHID 1: fw1 was master, and in the end still',
  })
})

test('one that both have in the end has not, and one that nobody has has not', () => {
  const [both] = moves({ fw1: [{ fromMs: 0, toMs: 40_000 }], fw2: [{ fromMs: 15_000, toMs: 40_000 }] })
  expect(both?.evidence).toContain('in the end both were')
  const [nobody] = moves({ fw1: [{ fromMs: 0, toMs: 13_000 }], fw2: [] })
  expect([both?.interval, nobody?.interval]).toEqual([
    { low: 0, high: 0 },
    { low: 0, high: 0 },
  ])
})

test('of one that had two masters to begin with, or none, nothing is said', () => {
  const dual = moves({ fw1: [{ fromMs: 0, toMs: 40_000 }], fw2: [{ fromMs: 5000, toMs: 20_000 }] })
  const none = moves({ fw1: [{ fromMs: 0, toMs: 5000 }], fw2: [{ fromMs: 20_000, toMs: 40_000 }] })
  expect([...dual, ...none].map(({ interval }) => interval)).toEqual([null, null, null, null])
  expect(dual[1]?.evidence).toBe('VHID 1: both were master when the step began')
})

test('whose last role is not known may have moved or not', () => {
  const events = plainEvents({ fw1: [{ fromMs: 0, toMs: 12_100 }], fw2: [{ fromMs: 15_390, toMs: 40_000 }] })
  const early = events.filter(({ atMs, type }) => atMs < 16_000 && type !== 'carp-log')
  const [, own] = measureMoves(accountsOf(factsOf(early), pairLab, [step], 16_000), [step])
  expect(own?.interval).toEqual({ low: 0, high: 1 })
})
