import type { StepTrace, StreamTrace, Timeline } from '../../model/result.ts'

/** The part of a timeline that a drawing shows; `originMs` is the zero of its axis. All on the run's clock, ends on a tick. */
export interface View {
  tickMs: number
  fromMs: number
  toMs: number
  originMs: number
  /** What happened at the origin, for the axis: `the fault command`. */
  origin: string
}

/** The whole traffic: from the first probe (or 5 s before the first step) to the end, counted from the first fault's command. */
export function wholeView(timeline: Timeline): View {
  const starts = timeline.streams.flatMap(({ probes, sessions }) => [
    probes[0]?.atMs ?? Infinity,
    ...sessions.map((session) => session.openedMs ?? Infinity),
  ])
  const first = Math.min(...starts)
  const firstStep = timeline.steps[0]?.startMs ?? 0
  return rounded({
    fromMs: Number.isFinite(first) ? first : firstStep - 5000,
    toMs: timeline.endMs,
    originMs: originOf(timeline),
    origin: timeline.steps.length === 0 ? 'the start of the run' : 'the fault command',
  })
}

/** From 2 s before to 3 s after a step's outage; where nothing was impaired, around its command. Counted from that command. */
export function stepView(step: StepTrace, timeline: Timeline): View {
  const originMs = step.injectedMs?.sent ?? step.startMs
  const windows = timeline.streams.flatMap((stream) => windowsOf(step, stream))
  const first = windows.reduce((least, window) => Math.min(least, window.goodBeforeMs ?? window.firstMs), Infinity)
  const last = windows.reduce((most, window) => Math.max(most, window.goodAfterMs ?? window.lastMs), -Infinity)
  const [fromMs, toMs] = windows.length === 0 ? [originMs, originMs] : [first, last]
  return rounded({ fromMs: fromMs - 2000, toMs: toMs + 3000, originMs, origin: `the ${step.action} command` })
}

/** The outages of one stream that began during a step. */
export const windowsOf = (step: StepTrace, stream: StreamTrace): StreamTrace['windows'] =>
  stream.windows.filter(({ firstMs }) => firstMs >= step.startMs && firstMs <= (step.endMs ?? Infinity))

/** The zero of the common axis: the first fault's command, or the first step's start, or the start of the run. */
export function originOf({ steps }: Timeline): number {
  const step = steps.find(({ action }) => action === 'fault') ?? steps[0]
  return step?.injectedMs?.sent ?? step?.startMs ?? 0
}

/** Clips a stretch of time to the view; null where it lies outside. */
export function within(view: View, fromMs: number, toMs: number): { fromMs: number; toMs: number } | null {
  const clipped = { fromMs: Math.max(view.fromMs, fromMs), toMs: Math.min(view.toMs, toMs) }
  return clipped.toMs > clipped.fromMs ? clipped : null
}

const ticksMs = [50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 20e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3, 7200e3]

/** Widens a view to whole ticks of a round length, at most about 14 of them. */
function rounded(view: Omit<View, 'tickMs'>): View {
  const { fromMs, originMs, origin } = view
  const toMs = Math.max(view.toMs, fromMs + 1000)
  const tickMs = ticksMs.find((tick) => (toMs - fromMs) / tick <= 14) ?? 21_600e3
  const ticks = (atMs: number): number => (atMs - originMs) / tickMs
  return {
    tickMs,
    fromMs: originMs + Math.floor(ticks(fromMs)) * tickMs,
    toMs: originMs + Math.ceil(ticks(toMs)) * tickMs,
    originMs,
    origin,
  }
}
