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

/** Splits probes (evidence only, by time of sending) into windows of impaired ones. */
export function windowsOf(probes: readonly Probe[]): Window[] {
  const windows: Window[] = []
  let before: Probe | null = null
  let open: Window | null = null
  for (const probe of probes) {
    if (!isImpaired(probe)) {
      if (open !== null) open.after = probe
      open = null
      before = probe
    } else if (open === null) {
      open = { first: probe, last: probe, before, after: null, impaired: 0, lost: 0, late: 0 }
      windows.push(open)
    }
    if (open !== null) count(open, probe)
  }
  return windows
}

/**
 * The interval that holds the true outage, ms. It began after the last good probe was sent and before the first impaired one could have
 * come back, and it ended after the last impaired one was sent and before the first good one was answered.
 */
export const bracketOf = (window: Window, rttMs: number): Interval => ({
  low: lowOf(window, rttMs),
  high: highOf(window) ?? Infinity,
})

/** The window as the timeline shows it, on the run's clock. */
export const windowTrace = (window: Window, rttMs: number): OutageWindow => ({
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

function count(window: Window, probe: Probe): void {
  window.last = probe
  window.impaired += 1
  if (probe.class === 'late') window.late += 1
  else window.lost += 1
}
