import type { View } from './view.ts'

/** Seconds, ready for a value axis. */
export interface Axis {
  min: number
  max: number
  interval: number
}

const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600]

/** The time axis of a view in seconds from its origin: round ends and a round step, at most about 14 ticks. */
export function secondsAxis(view: View): Axis {
  const [from, to] = [(view.fromMs - view.originMs) / 1000, (view.toMs - view.originMs) / 1000]
  const interval = steps.find((step) => (to - from) / step <= 14) ?? 86_400
  return { min: Math.floor(from / interval) * interval, max: Math.ceil(to / interval) * interval, interval }
}
