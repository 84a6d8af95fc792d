import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Interval } from '../model/interval.ts'
import type { Measurement } from '../model/result.ts'
import { analyse } from './analyse.ts'
import type { TrafficTrial } from './fixture/any-traffic.ts'
import { anyTraffic, faultMs, hullOf } from './fixture/any-traffic.ts'
import { sustained } from './step-traffic.ts'

const runs = { numRuns: 150 }
/** Rounding to microseconds, and the digits of the arithmetic. */
const digitsMs = 0.002

interface Found {
  of(metric: Measurement['metric']): Interval | null
  thetaMs: number
  counts: { lost: number; lostThere: number | null; lostBack: number | null; missed: number; duplicates: number }
}

function found({ events }: TrafficTrial): Found {
  const { measurements, timeline } = analyse(events, 'sha')
  const of = (metric: Measurement['metric']) =>
    measurements.find((one) => one.step === 'failover' && one.metric === metric && one.stream === 'outside')
      ?.interval ?? null
  const counts = timeline.streams[0]?.steps?.[0]
  if (counts === undefined) throw new Error('the step was not counted')
  return { of, counts, thetaMs: timeline.streams[0]?.thetaMs ?? 0 }
}

/** The probes of the failover that were sent at their slots, in the order of sending. */
const evidenceOf = ({ crossings, everyMs }: TrafficTrial) =>
  crossings
    .filter(({ sentMs, dueMs }) => Math.abs(sentMs - dueMs) <= Math.max(everyMs / 2, 5))
    .filter(({ sentMs }) => isOfStep(sentMs))
    .toSorted((one, other) => one.sentMs - other.sentMs)

/** What hindered a probe; what delayed it by less than what counts as late did not. */
const hindranceOf = ({ cause, backMs, sentMs }: TrafficTrial['crossings'][number], thetaMs: number): Interval | null =>
  backMs !== null && backMs - sentMs <= thetaMs ? null : cause

/** The causes of each run of impaired probes. */
function causesOf(trial: TrafficTrial, thetaMs: number): Interval[][] {
  const causes: Interval[][] = []
  let isOpen = false
  for (const one of evidenceOf(trial)) {
    const cause = hindranceOf(one, thetaMs)
    if (cause !== null && !isOpen) causes.push([])
    if (cause !== null) causes.at(-1)?.push(cause)
    isOpen = cause !== null
  }
  return causes
}

test('the outage holds the truth: no less than the cut, no more than what hindered probes, whatever the sender and the path do', () => {
  fc.assert(
    fc.property(anyTraffic, (trial) => {
      const { of, thetaMs } = found(trial)
      const outage = of('outage')
      const hindered = causesOf(trial, thetaMs).reduce((sum, causes) => sum + hullOf(causes), 0)

      expect(outage).not.toBeNull()
      expect(outage?.high).toBeGreaterThanOrEqual(trial.cut.toMs - trial.cut.fromMs - digitsMs)
      expect(outage?.low).toBeLessThanOrEqual(Math.max(hindered, trial.cut.toMs - trial.cut.fromMs) + digitsMs)
    }),
    runs,
  )
})

test('the takeover holds the time from the fault to the recovery that lasted', () => {
  fc.assert(
    fc.property(anyTraffic, (trial) => {
      const { of, thetaMs } = found(trial)
      const takeover = of('takeover')
      const recoveredMs = recoveryOf(trial, thetaMs)
      if (recoveredMs === null) return
      const truthMs = recoveredMs - trial.cut.fromMs

      expect(takeover?.low).toBeLessThanOrEqual(truthMs + digitsMs)
      expect(takeover?.high).toBeGreaterThanOrEqual(truthMs - digitsMs)
    }),
    runs,
  )
})

test('what is lost, on which way, missed and answered twice is counted exactly', () => {
  fc.assert(
    fc.property(anyTraffic, (trial) => {
      const { counts } = found(trial)
      const evidence = evidenceOf(trial)
      const lostOn = (way: 'there' | 'back') => evidence.filter((one) => one.lostOn === way).length
      const [there, back] = [lostOn('there'), lostOn('back')]
      const late = evidence.filter(({ sentMs, backMs }) => (backMs ?? sentMs) - sentMs > 2000).length

      expect(Math.abs(counts.lost - there - back - late)).toBeLessThanOrEqual(edges)
      expect(Math.abs(counts.duplicates - answeredAgain(trial))).toBeLessThanOrEqual(edges)
      expect(Math.abs(counts.missed - missedSlots(trial, evidence.length))).toBeLessThanOrEqual(edges)
      const hasMissed = counts.missed > 0
      if (!trial.isCalm || hasMissed || late > 0) return
      expect(Math.abs((counts.lostThere ?? 0) - there)).toBeLessThanOrEqual(edges)
      expect(Math.abs((counts.lostBack ?? 0) - back)).toBeLessThanOrEqual(edges)
    }),
    runs,
  )
})

/** A probe at either end of the step may belong to its neighbour: the clocks are known to 1 ms. */
const edges = 2

const isOfStep = (atMs: number): boolean => atMs >= faultMs.step && atMs < faultMs.end + 50

const answeredAgain = ({ crossings }: TrafficTrial): number =>
  crossings.filter(
    ({ sentMs, backMs, again }) => isOfStep(sentMs) && again.length > 0 && (backMs ?? sentMs) - sentMs <= 2000,
  ).length

/** Slots of the step without a probe that was sent in time. */
function missedSlots({ crossings, everyMs }: TrafficTrial, used: number): number {
  const firstMs = crossings[0]?.dueMs ?? 0
  const slots = Array.from({ length: Math.floor(35_000 / everyMs) }, (_, seq) => firstMs + seq * everyMs)
  return slots.filter(isOfStep).length - used
}

/** When what hindered the first episode was over; null where the step ended too soon to tell. */
function recoveryOf(trial: TrafficTrial, thetaMs: number): number | null {
  const probes = evidenceOf(trial).map((one) => ({ ...one, cause: hindranceOf(one, thetaMs) }))
  const hindered = probes.filter(({ cause }) => cause !== null)
  if (hindered[0]?.cause?.low !== trial.cut.fromMs) return null
  for (const one of hindered) {
    const good = probes.filter(({ sentMs, cause }) => sentMs > one.sentMs && cause === null)
    const next = hindered.find(({ sentMs }) => sentMs > one.sentMs)
    const until = good.filter(({ sentMs }) => sentMs < (next?.sentMs ?? Infinity))
    const lastMs = until.at(-1)?.sentMs ?? -Infinity
    if (until.length >= sustained.probes && lastMs - one.sentMs >= sustained.cleanMs) return one.cause?.high ?? null
  }
  return null
}
