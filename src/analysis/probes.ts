import type { EventOf } from '../model/event.ts'
import type { ProbeClass } from '../model/packet-trace.ts'
import type { ClockRelation } from './clock-relation.ts'

/** One probe, judged. `sentMs` and `arrivalMs` are on the vantage machine's clock, `runMs` is the middle of its sending on the run's. */
export interface Probe {
  seq: number
  sentMs: number
  runMs: number
  rttMs: number | null
  class: ProbeClass
  /** Whether it says anything about the network: a probe that the vantage machine itself could not send, or sent at another time, does not. */
  isEvidence: boolean
  /** Half-width with which `runMs` is known, ms. */
  boundMs: number
  /** Why it has no answer, where that is known. */
  cause: string | null
  /** When its first answer came, however late; null where none did. */
  arrivalMs: number | null
  /** How long after its slot it was sent; null where the recording does not name the slot. */
  latenessMs: number | null
  /** How many probes of the stream had reached the reflector when it answered this one; null where none counts. */
  reflected: number | null
  /** Answers after the first one. */
  duplicates: number
}

/** A probe as it was recorded, with what came for it afterwards: an answer after its time was up, answers to what was answered already. */
export interface Sighting {
  event: EventOf<'probe'>
  laterMs: number | null
  duplicates: number
}

/** What the probes of a stream are judged by. */
export interface ProbeLimits {
  everyMs: number
  thetaMs: number
  timeoutMs: number
}

/** Answers later than this count as impaired, at least, ms. */
const minThetaMs = 50

/** A probe may leave this long after its slot, or half an interval, ms. */
const minPatienceMs = 5

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

/** Judges one probe. */
export function judgeProbe({ event, laterMs, duplicates }: Sighting, limits: ProbeLimits, clock: ClockRelation): Probe {
  const rttMs = rttOf(event, limits.timeoutMs)
  const latenessMs = event.dueMs === undefined ? null : event.sentMs - event.dueMs
  const kind = classOf(event, rttMs, latenessMs, limits)
  const { low, high } = clock.toRun(event.sentMs)
  return {
    seq: event.seq,
    sentMs: event.sentMs,
    runMs: (low + high) / 2,
    boundMs: (high - low) / 2,
    rttMs,
    class: kind,
    isEvidence: kind !== 'missed' && (event.error === undefined || isNetworksFault(event.error)),
    cause: event.cause ?? null,
    arrivalMs: event.receivedMs ?? laterMs,
    latenessMs,
    reflected: event.reflected ?? null,
    duplicates,
  }
}

export const isImpaired = (probe: Probe): boolean => probe.class !== 'ok'

/** How one probe counts. */
function classOf(
  { error }: EventOf<'probe'>,
  rttMs: number | null,
  latenessMs: number | null,
  { everyMs, thetaMs }: ProbeLimits,
): ProbeClass {
  if (error !== undefined) return 'unsent'
  if (Math.abs(latenessMs ?? 0) > Math.max(everyMs / 2, minPatienceMs)) return 'missed'
  if (rttMs === null) return 'lost'
  return rttMs > thetaMs ? 'late' : 'ok'
}

/** A send that fails because nobody answers for the gateway's address is the outage itself, not a fault of the prober. */
const isNetworksFault = (error: string): boolean => /EHOSTUNREACH|no route to host|host unreachable/i.test(error)
