import { largest, median, percentile } from './figures.ts'

/** How well a sender kept its grid. */
export interface Pace {
  sent: number
  /** Probes sent, of those that were due. */
  kept: number
  /** Slots that nothing was sent for, or later than max(T/2, 5 ms). */
  missed: number
  /** How far the distances of consecutive departures are from the interval, ms. */
  deviation: { p50: number; p99: number }
  /** How far departures are from the grid that fits them best, ms. */
  grid: { p50: number; p99: number }
}

const latestMs = 5

/** Judges departures (ms, in order) against the interval that was asked for. */
export function paceOf(departuresMs: readonly number[], everyMs: number): Pace {
  const slots = slotsOf(departuresMs, everyMs)
  const due = (slots.at(-1) ?? -1) + 1
  const distances = departuresMs.slice(1).map((atMs, index) => Math.abs(atMs - (departuresMs[index] ?? atMs) - everyMs))
  const offsets = departuresMs.map((atMs, index) => atMs - (slots[index] ?? 0) * everyMs)
  const origin = median(offsets)
  const residuals = offsets.map((offset) => Math.abs(offset - origin))
  const lastMs = (departuresMs.at(-1) ?? 0) - (departuresMs[0] ?? 0)
  return {
    sent: departuresMs.length,
    kept: (departuresMs.length - 1) / (lastMs / everyMs),
    missed: due - slots.length,
    deviation: { p50: percentile(distances, 0.5), p99: percentile(distances, 0.99) },
    grid: { p50: percentile(residuals, 0.5), p99: percentile(residuals, 0.99) },
  }
}

/** The slot of each departure: the next one, or where that was too long ago, the first one that was not. */
function slotsOf(departuresMs: readonly number[], everyMs: number): number[] {
  const patienceMs = Math.max(everyMs / 2, latestMs)
  const startMs = departuresMs[0] ?? 0
  let next = 0
  return departuresMs.map((atMs) => {
    const slot = Math.max(next, Math.ceil((atMs - startMs - patienceMs) / everyMs))
    next = slot + 1
    return slot
  })
}

/** Of several rounds: medians, and all missed slots. */
export function pooled(rounds: readonly Pace[]): Pace {
  const of = (figure: (pace: Pace) => number) => median(rounds.map(figure))
  return {
    sent: rounds.reduce((total, { sent }) => total + sent, 0),
    kept: rounds.length === 0 ? Number.NaN : -largest(rounds.map(({ kept }) => -kept)),
    missed: rounds.reduce((total, { missed }) => total + missed, 0),
    deviation: { p50: of(({ deviation }) => deviation.p50), p99: of(({ deviation }) => deviation.p99) },
    grid: { p50: of(({ grid }) => grid.p50), p99: of(({ grid }) => grid.p99) },
  }
}
