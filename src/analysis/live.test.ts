import { expect, test } from 'vitest'
import type { Event } from '../model/event.ts'
import { at, drill } from './fixture/drill.ts'
import type { DrillOptions } from './fixture/drill.ts'
import { LiveTraffic } from './live.ts'

const until = (nowMs: number, events: readonly Event[] = drill()) => events.filter(({ atMs }) => atMs <= nowMs)

function traffic(events: readonly Event[]): LiveTraffic {
  const live = new LiveTraffic()
  for (const event of events) live.note(event)
  return live
}

const cleanAt = (nowMs: number, events?: readonly Event[]) =>
  Math.round(traffic(until(nowMs, events)).cleanForMs(nowMs))
const recoveredAt = (events: readonly Event[], step: string, nowMs: number) => traffic(events).recoveredAt(step, nowMs)
const without = (type: Event['type']) => drill().filter((event) => event.type !== type)

/** The first instant, in steps of 100 ms, at which the failover counts as recovered. */
function seenRecovered(options: Partial<DrillOptions> = {}): { seenMs: number; recoveredMs: number } | null {
  const events = drill({ failoverEndMs: 35_000, ...options })
  const live = traffic(events.filter(({ atMs }) => atMs <= at.failover))
  for (let nowMs = at.failover; nowMs < 34_000; nowMs += 100) {
    for (const event of events)
      if (event.atMs > Math.max(at.failover, nowMs - 100) && event.atMs <= nowMs) live.note(event)
    const recoveredMs = live.recoveredAt('failover', nowMs)
    if (recoveredMs !== null) return { seenMs: nowMs, recoveredMs: Math.round(recoveredMs) }
  }
  return null
}

test('traffic is clean for as long as probes are answered and sessions echo', () => {
  expect(cleanAt(3050)).toBe(2000)
  expect(cleanAt(6900)).toBe(5800)
})

test('traffic is not clean before anything was sent, while it is interrupted, or without a clock to compare with', () => {
  expect([cleanAt(900), cleanAt(9000), cleanAt(6900, without('clock-sync')), cleanAt(6900, [])]).toEqual([0, 0, 0, 0])
})

test('traffic is not clean while a session was never opened', () => {
  expect(cleanAt(6900, without('session-opened'))).toBe(0)
})

test('a session is not clean before it is old enough to be counted, however little is asked', () => {
  const unclean = (nowMs: number) => traffic(until(nowMs)).unclean(nowMs, 2000)
  expect([unclean(4000), unclean(6900)]).toEqual([['held'], []])
})

test('after an interruption the clean time starts anew', () => {
  expect(cleanAt(14_050)).toBe(3400)
})

test('a failover has recovered when 5 s and one probe more have passed since the last lost probe', () => {
  expect(seenRecovered()).toEqual({ seenMs: 15_700, recoveredMs: 10_600 })
})

test('without a loss a step has recovered 5 s after the fault', () => {
  expect(seenRecovered({ cuts: [] })?.seenMs).toBe(12_500)
})

test('a stream that the step is to silence is not waited for', () => {
  const beside = drill().flatMap((event): Event[] =>
    (event.type === 'stream-opened' || event.type === 'probe') && event.stream === 'outside'
      ? [
          event,
          event.type === 'probe' ? { ...event, stream: 'private', receivedMs: null } : { ...event, stream: 'private' },
        ]
      : [event],
  )
  const silenced = beside.map((event) =>
    event.type === 'step-started' && event.step === 'failover' ? { ...event, silences: ['private'] } : event,
  )
  const upTo = (events: Event[]) => events.filter(({ atMs }) => atMs < 15_900)
  expect(recoveredAt(upTo(beside), 'failover', 15_900)).toBeNull()
  expect(recoveredAt(upTo(silenced), 'failover', 15_900)).toBeCloseTo(10_600, 0)
})

test('a further fault of the step puts the recovery off, whatever it does', () => {
  const also: Event = {
    type: 'injected-also',
    atMs: 14_000,
    step: 'failover',
    kind: 'carp-maintenance',
    sentMs: 13_990,
    ackedMs: 14_000,
    machines: ['fw2'],
  }
  const events = [...drill({ failoverEndMs: 35_000 }), also].toSorted((one, other) => one.atMs - other.atMs)
  const upTo = (nowMs: number) => recoveredAt(until(nowMs, events), 'failover', nowMs)
  expect([upTo(16_000), upTo(18_500)]).toEqual([null, null])
  expect(upTo(19_800)).not.toBeNull()
})

test('a second interruption within 5 s puts the recovery off', () => {
  const cuts = [
    { fromMs: 7060, toMs: 10_480 },
    { fromMs: 13_000, toMs: 13_500 },
  ]

  expect(seenRecovered({ cuts })).toEqual({ seenMs: 18_700, recoveredMs: 13_600 })
})

test('a session that was closed needs no waiting for', () => {
  expect(seenRecovered({ held: 'is reset' })?.seenMs).toBe(15_700)
})

test('a session that hangs is waited for until its deadline has passed', () => {
  expect(seenRecovered({ held: 'hangs' })?.seenMs).toBe(19_900)
})

test('traffic that never comes back has never recovered', () => {
  expect(seenRecovered({ cuts: [{ fromMs: 7060, toMs: 36_000 }] })).toBeNull()
})

test('a healed step has recovered only 5 s after the pair was settled again', () => {
  const events = drill().filter(({ atMs, type }) => type !== 'gate' || atMs < at.settled)

  expect(recoveredAt(until(24_000), 'failback', 24_000)).not.toBeNull()
  expect(recoveredAt(until(29_000, events), 'failback', 29_000)).toBeNull()
  expect(recoveredAt(until(30_500, events), 'failback', 30_500)).not.toBeNull()
})

test('a prober that fell silent is neither clean nor recovered, however good its last word was', () => {
  const silent = drill({ cuts: [], held: 'is reset' }).filter(({ type, atMs }) => type !== 'probe' || atMs < 13_000)

  expect(
    cleanAt(
      6900,
      drill().filter(({ type, atMs }) => type !== 'probe' || atMs < 5000),
    ),
  ).toBe(0)
  expect(recoveredAt(until(13_500, silent), 'failover', 13_500)).not.toBeNull()
  expect(recoveredAt(until(15_000, silent), 'failover', 15_000)).toBeNull()
})

test('a probe that may still be answered holds back those after it', () => {
  const cuts = [{ fromMs: 11_500, toMs: 11_700 }]
  const events = drill({ cuts, failoverEndMs: 20_000 })

  expect(recoveredAt(until(12_400, events), 'failover', 12_400)).toBeNull()
  expect(recoveredAt(until(16_900, events), 'failover', 16_900)).not.toBeNull()
})

test('a handful of probes is not enough, however long they took', () => {
  const sparse = drill({ cuts: [] }).filter((event) => event.type !== 'probe' || event.seq < 30 || event.seq % 20 === 0)

  expect(recoveredAt(until(13_100, sparse), 'failover', 13_100)).toBeNull()
})

test('a step that has not begun, or failed streams, have not recovered', () => {
  const failed: Event = { type: 'stream-failed', atMs: 15_000, stream: 'outside', reason: 'gone' }

  expect(recoveredAt(until(16_000), 'other', 16_000)).toBeNull()
  expect(recoveredAt([...until(15_900), failed], 'failover', 15_900)).toBeNull()
})
