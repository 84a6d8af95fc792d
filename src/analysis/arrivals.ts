import type { Interval } from '../model/interval.ts'
import type { Window } from './outage.ts'
import type { StreamBasis } from './stream-basis.ts'

/** What counting and listening say of a window's outage, against the times of sending. */
export interface CrossCheck {
  /** Impaired probes times the interval, ms. */
  countedMs: number
  /** The silence between the last answer before and the first one after, of any age, less the interval, ms; null where none came. */
  silentMs: number | null
  /** Whether the count differs from the outage by more than the interval. */
  isMiscounted: boolean
  /** Whether the silence differs from it by more than the interval and theta: answers came buffered or late. */
  isBuffered: boolean
}

/** Compares the outage of a window with what plain counting of losses and plain listening would say. */
export function crossCheck(
  { impaired, heardMs, heardAgainMs }: Window,
  { low, high }: Interval,
  { opened, thetaMs }: Pick<StreamBasis, 'opened' | 'thetaMs'>,
): CrossCheck {
  const { everyMs } = opened
  const outageMs = (low + high) / 2
  const countedMs = impaired * everyMs
  const silentMs = heardMs === null || heardAgainMs === null ? null : heardAgainMs - heardMs - everyMs
  return {
    countedMs,
    silentMs,
    isMiscounted: Number.isFinite(outageMs) && Math.abs(countedMs - outageMs) > everyMs,
    isBuffered: silentMs !== null && Math.abs(silentMs - outageMs) > everyMs + thetaMs,
  }
}
