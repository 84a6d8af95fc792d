import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import type { Interval } from '../../model/interval.ts'
import type { Measurement } from '../../model/result.ts'
import { factsOf } from '../facts.ts'
import { observedStep } from '../fixture/observed-step.ts'
import type { ObservedStep } from '../steps.ts'
import { accountsOf } from './accounts.ts'
import { anyPair, plainEvents } from './fixture/pair.ts'
import { pairLab } from './fixture/pair-lab.ts'
import { measureRoles } from './measurements.ts'
import type { PairKnowledge } from './measures.ts'
import { intervalOf, mixedRole } from './measures.ts'
import type { Span, Spans } from './spans.ts'
import { difference, intersection, lengthOf, union } from './spans.ts'

/** Wall clocks in ms since 1970 are known to a quarter of a microsecond only. */
const noiseMs = 0.01
const whole: Span = { fromMs: 5000, toMs: 30_000 }
/** The master dies at 12 s, and the backup takes over at 15.39 s. */
const crash = { fw1: [{ fromMs: 0, toMs: 12_000 }], fw2: [{ fromMs: 15_390, toMs: 40_000 }] }

const cutStep: ObservedStep = {
  name: 'cut',
  action: 'fault',
  kind: 'vm-stop',
  of: 'cut',
  ref: '$master',
  machines: ['fw1'],
  startMs: 12_000,
  endMs: 18_000,
  injectedMs: { sent: 12_000, acked: 12_010 },
  effect: { proven: true, evidence: 'stopped' },
  effectMs: 12_100,
  end: 'recovered',
  observedUntilMs: 18_000,
}
const powerCut: ObservedStep[] = [
  cutStep,
  {
    ...cutStep,
    name: 'back',
    action: 'heal',
    startMs: 18_000,
    injectedMs: { sent: 18_000, acked: 18_010 },
    observedUntilMs: 30_000,
  },
]

describe('the interval of every role metric', () => {
  test('holds the truth, whatever the course of the roles and whoever sees it', () => {
    fc.assert(
      fc.property(anyPair, ({ truth, events, window }) => {
        const { noMaster, dualMaster } = measured(events(), window)
        const { fw1, fw2 } = truth
        expect(holds(noMaster?.interval, difference([window], union([...fw1, ...fw2])))).toBe(true)
        expect(holds(dualMaster?.interval, intersection(intersection(fw1, fw2), [window]))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('is narrow where polls and captures see everything, and names who agrees', () => {
    const { noMaster, dualMaster } = measured(plainEvents(crash), whole)
    expect(dualMaster?.interval).toEqual({ low: 0, high: 0 })
    expect(noMaster?.interval?.low).toBeGreaterThan(3390 - 150)
    expect(noMaster?.interval?.high).toBeLessThan(3390 + 150)
    expect(noMaster?.evidence).toMatch(/by 3 sources that agree: ssh .*, advertisements .*, log /)
  })

  test('is known from advertisements alone to about one of their periods', () => {
    const { noMaster } = measured(plainEvents(crash, { hasSsh: false, hasLog: false }), whole)
    expect(holds(noMaster?.interval, [{ fromMs: 12_000, toMs: 15_390 }])).toBe(true)
    expect((noMaster?.interval?.high ?? Infinity) - (noMaster?.interval?.low ?? 0)).toBeLessThan(1500)
  })

  test('is not measurable where nothing is known of one node', () => {
    const events = plainEvents(crash).filter((event) => !('node' in event) || event.node === 'fw1')
    const silent = events.filter((event) => event.type !== 'carp-advert' && event.type !== 'capture-opened')
    expect(measured(silent, whole)['noMaster']).toMatchObject({
      interval: null,
      evidence: 'no source tells of fw2 and VHID 1 in this time',
    })
  })
})

describe('split brain', () => {
  const both = { fw1: [{ fromMs: 0, toMs: 40_000 }], fw2: [{ fromMs: 12_000, toMs: 18_000 }] }

  test('is bracketed at both ends', () => {
    const { dualMaster } = measured(plainEvents(both), whole)
    expect(holds(dualMaster?.interval, [{ fromMs: 12_000, toMs: 18_000 }])).toBe(true)
    expect((dualMaster?.interval?.high ?? Infinity) - (dualMaster?.interval?.low ?? 0)).toBeLessThan(300)
  })

  test('that a log denies is disputed: nothing is claimed for that time, and it is said', () => {
    const lying = plainEvents(both).map((event): Event => {
      if (event.type !== 'carp-log' || event.node !== 'fw1') return event
      const [entry] = event.entries ?? []
      if (entry === undefined || entry.event.kind !== 'transition') return event
      const left = { ...entry, atMs: entry.atMs + 8000, event: { ...entry.event, from: 'MASTER', to: 'BACKUP' } }
      return { ...event, entries: [entry, left] }
    })
    const { dualMaster } = measured(lying, whole)
    expect(dualMaster?.interval?.low).toBe(0)
    expect(dualMaster?.interval?.high).toBeGreaterThan(5900)
    expect(dualMaster?.evidence).toContain('log and readings of fw1 contradict each other on VHID 1 for')
  })
})

test('a firewall that is frozen is nobody’s master, although its log says nothing of it', () => {
  const frozen = observedStep({
    kind: 'vm-suspend',
    startMs: 12_000,
    effect: { proven: true, evidence: 'paused' },
    observedUntilMs: 18_000,
  })
  const suspended = [{ ...frozen, injectedMs: { sent: 12_000, acked: 12_010 } }]
  const unaware = plainEvents(
    { fw1: [{ fromMs: 0, toMs: 40_000 }], fw2: [{ fromMs: 15_390, toMs: 40_000 }] },
    { hasSsh: false, captures: 'vantage' },
  ).filter((event) => event.type !== 'carp-advert' || event.src !== '10.102.0.2' || event.atMs < 12_000)
  const during = { fromMs: 12_000, toMs: 18_000 }
  const dual = (steps: ObservedStep[]) => {
    const accounts = accountsOf(factsOf(unaware), pairLab, steps, 34_000)
    const rows = measureRoles(accounts, { ...during, name: 'frozen', originMs: 12_000 })
    return rows.find(({ metric }) => metric === 'dualMaster')?.interval
  }
  expect(dual(suspended)?.high).toBe(0)
  expect(dual([])?.high).toBeGreaterThan(1000)
})

test('whose tap was listened to before its power was back is no second master while it starts', () => {
  const truth = {
    fw1: [
      { fromMs: 0, toMs: 12_000 },
      { fromMs: 21_000, toMs: 40_000 },
    ],
    fw2: [{ fromMs: 15_390, toMs: 21_010 }],
  }
  const blind = { fw1: { fromMs: 11_950, toMs: 20_900 }, fw2: { fromMs: 0, toMs: 0 } }
  const tap = { point: 'lan-fw1-tap', machine: 'lan-fw1-tap', device: 'tap', network: 'lan', of: 'fw1' }
  const cut: Event[] = [
    { type: 'capture-closed', atMs: 12_050, point: tap.point, packets: 12, dropped: 0, reason: 'disappeared' },
    { type: 'capture-opened', atMs: 18_200, ...tap, file: 'x-2.pcap' },
  ]
  const events = [...plainEvents(truth, { hasLog: false, blind }), ...cut].toSorted(
    (one, other) => one.atMs - other.atMs,
  )
  const accounts = accountsOf(factsOf(events), pairLab, powerCut, 34_000)
  const rows = measureRoles(accounts, { ...whole, name: 'x', originMs: 0 })
  const dual = rows.find(({ metric }) => metric === 'dualMaster')
  expect(dual?.interval?.high).toBeLessThan(300)
})

describe('VHIDs on different nodes', () => {
  const spans = (...edges: [number, number][]): Spans => edges.map(([fromMs, toMs]) => ({ fromMs, toMs }))
  const knowing = (master: Spans) => ({ master, other: difference([{ fromMs: 0, toMs: 100 }], master) })
  const pair = (one: Spans, other: Spans): PairKnowledge => [knowing(one), knowing(other)]
  const window = spans([0, 100])

  test('are those of which different nodes are the only master', () => {
    const [moved, stayed] = [pair(spans([0, 40]), spans([40, 100])), pair(spans([0, 70]), spans([70, 100]))]
    expect(intervalOf(mixedRole([moved, stayed], window))).toEqual({ low: 30, high: 30 })
  })

  test('are none where both nodes are master of everything: that is split brain', () => {
    const dual = pair(spans([0, 100]), spans([0, 100]))
    expect(intervalOf(mixedRole([dual, dual], window))).toEqual({ low: 0, high: 0 })
  })
})

function measured(events: readonly Event[], window: Span): Record<string, Measurement> {
  const accounts = accountsOf(factsOf(events), pairLab, [], 34_000)
  const rows = measureRoles(accounts, { ...window, name: 'x', originMs: window.fromMs })
  return Object.fromEntries(rows.map((row) => [row.metric, row]))
}

const holds = (interval: Interval | null | undefined, truth: Spans): boolean =>
  interval === null ||
  interval === undefined ||
  (interval.low <= lengthOf(truth) + noiseMs && interval.high >= lengthOf(truth) - noiseMs)
