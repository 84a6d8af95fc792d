import type { EventOf } from '../model/event.ts'
import type { ProbeClass } from '../model/result.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'

/** One probe, judged. `sentMs` and `doneMs` are on the vantage machine's clock, `runMs` is the middle of its sending on the run's. */
export interface Probe {
  seq: number
  sentMs: number
  runMs: number
  rttMs: number | null
  class: ProbeClass
  /** Whether it says anything about the network: a probe that the vantage machine itself could not send does not. */
  isEvidence: boolean
  /** Why it has no answer, where that is known. */
  cause: string | null
}

/** Answers later than this count as impaired, at least, ms. */
const minThetaMs = 50

/** The delay threshold between ok and late, ms: 10 x the 99th percentile of the round trips of clean traffic, at least 50 ms. */
export function thetaOf(baselineRttsMs: readonly number[], timeoutMs: number): number {
  return Math.min(timeoutMs, Math.max(minThetaMs, 10 * (percentile(baselineRttsMs, 0.99) ?? 0)))
}

/** The smallest of the values that at least `share` of them do not exceed; null without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

/** The round trip of a probe, ms; null where no answer came in time. An answer from before the question is none. */
export function rttOf({ sentMs, receivedMs }: EventOf<'probe'>, timeoutMs: number): number | null {
  const rttMs = receivedMs === null ? null : receivedMs - sentMs
  return rttMs !== null && rttMs >= 0 && rttMs <= timeoutMs ? rttMs : null
}

/** Classifies one stream's probes, in the order of their sending. Only the first answer to a probe counts. */
export function classify(
  events: readonly EventOf<'probe'>[],
  limits: { thetaMs: number; timeoutMs: number },
  clock: ClockRelation,
): Probe[] {
  const first = new Map<number, EventOf<'probe'>>()
  for (const event of events) if (!first.has(event.seq)) first.set(event.seq, event)
  return [...first.values()]
    .map((event) => judged(event, limits, clock))
    .toSorted((one, other) => one.sentMs - other.sentMs)
}

export const isImpaired = (probe: Probe): boolean => probe.class !== 'ok'

function judged(event: EventOf<'probe'>, limits: { thetaMs: number; timeoutMs: number }, clock: ClockRelation): Probe {
  const rttMs = rttOf(event, limits.timeoutMs)
  return {
    seq: event.seq,
    sentMs: event.sentMs,
    runMs: middleOf(clock.toRun(event.sentMs)),
    rttMs,
    class: classOf(event, rttMs, limits.thetaMs),
    isEvidence: event.error === undefined || isNetworksFault(event.error),
    cause: event.cause ?? null,
  }
}

/** How one probe counts. */
function classOf({ error }: EventOf<'probe'>, rttMs: number | null, thetaMs: number): ProbeClass {
  if (error !== undefined) return 'unsent'
  if (rttMs === null) return 'lost'
  return rttMs > thetaMs ? 'late' : 'ok'
}

/** A send that fails because nobody answers for the gateway's address is the outage itself, not a fault of the prober. */
const isNetworksFault = (error: string): boolean => /EHOSTUNREACH|no route to host|host unreachable/i.test(error)
