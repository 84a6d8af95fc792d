import type { StepTrace, StreamTrace, Timeline } from '../../model/result.ts'

/** The part of a timeline that a drawing shows; `originMs` is the zero of its axis. All on the run's clock. */
export interface View {
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
  return sound({
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
  return sound({ fromMs: fromMs - 2000, toMs: toMs + 3000, originMs, origin: `the ${step.action} command` })
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

const sound = (view: View): View => ({ ...view, toMs: Math.max(view.toMs, view.fromMs + 1000) })
