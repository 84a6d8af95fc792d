import type { ProbeCounts } from '../model/packet-trace.ts'
import type { Interval } from '../model/interval.ts'
import type { Window } from './outage.ts'
import { bracketOf } from './outage.ts'
import type { Probe } from './probes.ts'
import type { ObservedStep } from './steps.ts'
import type { StreamBasis } from './stream-basis.ts'

/** Recovery counts only after this much without an impaired probe, and this many good ones. */
export const sustained = { cleanMs: 5000, probes: 5 } as const

/** What one packet stream saw during one step. Windows and gaps end with the step, whatever came after it. */
export interface StepTraffic {
  stream: StreamBasis
  step: ObservedStep
  counts: ProbeCounts
  /** Why probes had no answer, where that is known. */
  causes: string[]
  /** The windows, oldest first; `moreWindows` of them are counted only. */
  windows: Window[]
  moreWindows: number
  first: Window | null
  last: Window | null
  /** Sum of what the windows allow, and the longest that one of them allows, ms. */
  outage: Interval
  longestMs: number
  /** Longest distance between two good probes in a row: an outage as long can hide there, ms. */
  widestGapMs: number
  /** Total of the holes between good probes, ms. */
  holesMs: number
  /** Counted from the fault itself, and from the start of the step. */
  afterFault: Episode
  afterStart: Episode
  /** The first good probe after the fault had happened. */
  goodAfterFault: Probe | null
  /** The first window in which the losses, or the arrivals, tell of another outage than the times of sending. */
  miscounted: Window | null
  buffered: Window | null
  /** Why the step says nothing about this stream; null where it does. */
  unusable: string | null
}

/**
 * The windows from an instant to the recovery: those that follow each other with less than 5 s (or 5 probes) of good answers between them.
 * `isOver` is false where the step ended before that much had passed.
 */
export interface Episode {
  windows: number
  last: Window | null
  isOver: boolean
}

/** Whether a window was followed by what counts as a recovery. */
export const isSustained = ({ goodProbes, cleanMs }: Window): boolean =>
  goodProbes >= sustained.probes && cleanMs >= sustained.cleanMs

/** The interval that holds the outage of one window, ms. One that outlasts the step is counted up to the step's end. */
export function outageOf(
  { stream, step }: Pick<StepTraffic, 'stream' | 'step'>,
  window: Pick<Window, 'first' | 'last' | 'before' | 'after'>,
): Interval {
  const { low, high } = bracketOf(window, stream.delays)
  if (Number.isFinite(high) || window.before === null) return { low, high }
  return { low, high: Math.max(low, step.observedUntilMs - stream.clock.toRun(window.before.sentMs).low) }
}

/** No probe counted yet. */
export const noCounts = (): ProbeCounts => ({
  probes: 0,
  lost: 0,
  late: 0,
  unsent: 0,
  missed: 0,
  duplicates: 0,
  reordered: 0,
  lostThere: null,
  lostBack: null,
})
