import type { Interval, OutageWindow } from '../model/result.ts'
import type { Probe } from './probes.ts'
import { isImpaired } from './probes.ts'

/** A maximal run of impaired probes with the good ones around it; null where the recording, or the part looked at, has none. */
export interface Window {
  first: Probe
  last: Probe
  before: Probe | null
  after: Probe | null
  impaired: number
  lost: number
  late: number
}

/** What clean traffic says about delays: the longest round trip (99 %), and how much round trips differ, ms. */
export interface Delays {
  rttMs: number
  jitterMs: number
}

/**
 * Splits probes (evidence only, by time of sending) into windows of impaired ones. Where delays vary by more than the interval, probes
 * overtake each other on the way: only a good probe sent `jitterMs` before or after the window is sure to have passed before or after it.
 */
export function windowsOf(probes: readonly Probe[], { jitterMs }: Delays): Window[] {
  const windows: Window[] = []
  for (const [index, probe] of probes.entries()) {
    if (!isImpaired(probe)) continue
    const open = index > 0 && isImpaired(probes[index - 1] ?? probe) ? windows.at(-1) : undefined
    if (open === undefined) windows.push({ ...empty(probe), before: passedBefore(probes, index, jitterMs) })
    const window = windows.at(-1)
    if (window !== undefined) count(window, probe)
    if (window !== undefined && !isImpaired(probes[index + 1] ?? probe))
      window.after = passedAfter(probes, index, jitterMs)
  }
  return windows
}

/**
 * The interval that holds the true outage, ms. It began after the last good probe was sent and before the first impaired one could have
 * come back, and it ended after the last impaired one was sent and before the first good one was answered.
 */
export const bracketOf = (window: Window, { rttMs }: Delays): Interval => ({
  low: lowOf(window, rttMs),
  high: highOf(window) ?? Infinity,
})

/** The window as the timeline shows it, on the run's clock. */
export const windowTrace = (window: Window, { rttMs }: Delays): OutageWindow => ({
  firstMs: window.first.runMs,
  lastMs: window.last.runMs,
  goodBeforeMs: window.before?.runMs ?? null,
  goodAfterMs: window.after?.runMs ?? null,
  lowMs: lowOf(window, rttMs),
  highMs: highOf(window),
  impaired: window.impaired,
  lost: window.lost,
})

/** The longest round trip that a probe around the window can have had, ms. */
const slackOf = ({ before, after }: Window, rttMs: number): number =>
  Math.max(rttMs, before?.rttMs ?? 0, after?.rttMs ?? 0)

const lowOf = (window: Window, rttMs: number): number =>
  Math.max(0, window.last.sentMs - window.first.sentMs - slackOf(window, rttMs))

const highOf = ({ before, after }: Window): number | null =>
  before === null || after === null ? null : after.sentMs + (after.rttMs ?? 0) - before.sentMs

function passedBefore(probes: readonly Probe[], first: number, jitterMs: number): Probe | null {
  const sentByMs = (probes[first]?.sentMs ?? 0) - jitterMs
  for (let index = first - 1; index >= 0; index--) {
    const probe = probes[index]
    if (probe !== undefined && probe.sentMs <= sentByMs && !isImpaired(probe)) return probe
  }
  return null
}

function passedAfter(probes: readonly Probe[], last: number, jitterMs: number): Probe | null {
  const sentFromMs = (probes[last]?.sentMs ?? 0) + jitterMs
  for (let index = last + 1; index < probes.length; index++) {
    const probe = probes[index]
    if (probe !== undefined && probe.sentMs >= sentFromMs && !isImpaired(probe)) return probe
  }
  return null
}

const empty = (first: Probe): Window => ({
  first,
  last: first,
  before: null,
  after: null,
  impaired: 0,
  lost: 0,
  late: 0,
})

function count(window: Window, probe: Probe): void {
  window.last = probe
  window.impaired += 1
  if (probe.class === 'late') window.late += 1
  else window.lost += 1
}
