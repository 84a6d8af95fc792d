import type { Interval } from '../model/result.ts'
import type { Window } from './outage.ts'
import { bracketOf, windowsOf } from './outage.ts'
import type { Probe } from './probes.ts'
import { isImpaired } from './probes.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'

/** Recovery counts only after this much without an impaired probe, and this many good ones. */
export const sustained = { cleanMs: 5000, probes: 5 } as const

/** A gap of this many intervals between two probes is a hole in which nothing was observed. */
const holeIntervals = 3

/** What one packet stream saw during one step. Windows and gaps end with the step, whatever came after it. */
export interface StepTraffic {
  stream: Stream
  step: ObservedStep
  probes: Probe[]
  windows: Window[]
  /** Longest distance between two good probes in a row: an outage as long can hide there, ms. */
  widestGapMs: number
  /** Total of the holes between good probes, ms. */
  holesMs: number
  /** Why the step says nothing about this stream; null where it does. */
  unusable: string | null
}

/** Cuts one step out of a stream. */
export function trafficIn(stream: Stream, step: ObservedStep): StepTraffic {
  const isBefore = (probe: Probe) => probe.runMs < step.startMs
  const isAfter = (probe: Probe) => probe.runMs >= step.observedUntilMs
  const probes = stream.evidence.filter((probe) => !isBefore(probe) && !isAfter(probe))
  const neighbours = 1 + Math.ceil(stream.delays.jitterMs / stream.opened.everyMs)
  const previous = stream.evidence.filter(isBefore).slice(-neighbours)
  const next = untilImpaired(stream.evidence.filter(isAfter).slice(0, neighbours))
  const around = [...previous, ...probes, ...next]
  const windows = windowsOf(around, stream.delays).filter(({ last }) => !isBefore(last))
  const gaps = gapsOf(around, stream.opened.everyMs)
  return { stream, step, probes, windows, ...gaps, unusable: unusableOf(stream, step, probes, previous.at(-1)) }
}

function untilImpaired(probes: readonly Probe[]): readonly Probe[] {
  const impaired = probes.findIndex(isImpaired)
  return impaired < 0 ? probes : probes.slice(0, impaired)
}

/** The interval that holds the outage of one window, ms. One that outlasts the step is counted up to the step's end. */
export function outageOf({ stream, step }: StepTraffic, window: Window): Interval {
  const { low, high } = bracketOf(window, stream.delays)
  if (Number.isFinite(high) || window.before === null) return { low, high }
  return { low, high: Math.max(low, step.observedUntilMs - stream.clock.toRun(window.before.sentMs).low) }
}

/**
 * The windows from the fault to the recovery: those that follow each other with less than 5 s (or 5 probes) of good answers between them.
 * `isOver` is false where the step ended before that much had passed.
 */
export function firstEpisode(traffic: StepTraffic, sinceMs: number): { windows: Window[]; isOver: boolean } {
  const windows = traffic.windows.filter(({ last }) => last.runMs >= sinceMs)
  const end = windows.findIndex((window) => isSustained(traffic, window))
  if (end >= 0) return { windows: windows.slice(0, end + 1), isOver: true }
  return { windows, isOver: windows.length === 0 && traffic.probes.some(({ runMs }) => runMs > sinceMs) }
}

function isSustained({ windows, probes }: StepTraffic, window: Window): boolean {
  const next = windows[windows.indexOf(window) + 1]
  const good = probes.filter(
    ({ sentMs }) => sentMs > window.last.sentMs && (next === undefined || sentMs < next.first.sentMs),
  )
  const last = good.at(-1)
  return last !== undefined && good.length >= sustained.probes && last.sentMs - window.last.sentMs >= sustained.cleanMs
}

function unusableOf(
  stream: Stream,
  step: ObservedStep,
  probes: readonly Probe[],
  previous: Probe | undefined,
): string | null {
  const { failure, unusable } = stream
  if (unusable !== null) return unusable
  if (failure !== null && failure.atMs < step.observedUntilMs) return `the stream failed: ${failure.reason}`
  if (probes.length === 0) return 'no probe was sent in this step'
  if (previous === undefined) return 'no probe was sent before this step'
  return isImpaired(previous) ? 'the traffic was already interrupted when this step began' : null
}

function gapsOf(probes: readonly Probe[], everyMs: number): Pick<StepTraffic, 'widestGapMs' | 'holesMs'> {
  let [widestGapMs, holesMs] = [0, 0]
  for (const [index, probe] of probes.entries()) {
    const before = probes[index - 1]
    if (before === undefined) continue
    const isWindow = isImpaired(before) || isImpaired(probe)
    const gapMs = probe.sentMs - before.sentMs
    if (!isWindow) widestGapMs = Math.max(widestGapMs, gapMs + (probe.rttMs ?? 0))
    if (!isWindow && gapMs > holeIntervals * everyMs) holesMs += gapMs
  }
  return { widestGapMs, holesMs }
}
