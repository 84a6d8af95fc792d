import type { Unit } from '../model/metric.ts'
import type { Interval } from '../model/interval.ts'

/** A measured interval for people: `3.61 s ± 0.20 s`, `at most 200 ms`, `at least 30.00 s`; counts as `17`, `1 to 3`. */
export function sayInterval(interval: Interval, unit: Unit): string {
  const { low, high } = interval
  if (!Number.isFinite(high)) return `at least ${sayQuantity(low, unit)}`
  if (low === high) return sayQuantity(low, unit)
  if (low === 0 && unit === 'ms') return `at most ${sayMs(high)}`
  return unit === 'count' ? `${low} to ${high}` : sayWithBound((low + high) / 2, (high - low) / 2)
}

/** One value for people: `3.61 s`, `85 ms`, `17`. */
export const sayQuantity = (value: number, unit: Unit): string => (unit === 'count' ? String(value) : sayFine(value))

/** A length of time, ms, for people. */
export const sayMs = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`)

/** A short length of time, ms, with two digits that mean something: `0.021 ms`, `3.4 ms`, `120 ms`. */
export const sayFine = (ms: number): string => (ms >= 10 ? sayMs(ms) : `${Number(ms.toPrecision(2))} ms`)

/** Both ends of a length of time: `2.39-3.41 s`. */
export const sayRange = ({ low, high }: Interval): string => `${(low / 1000).toFixed(2)}-${(high / 1000).toFixed(2)} s`

/** How many of what: `1 session`, `3 sessions`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const sayWithBound = (middle: number, bound: number): string =>
  middle < 1000
    ? `${Math.round(middle)} ms ± ${Math.ceil(bound)} ms`
    : `${(middle / 1000).toFixed(2)} s ± ${(bound / 1000).toFixed(2)} s`

/** An interval widened to whole microseconds: finer digits are noise of the arithmetic. */
export const toMicroseconds = ({ low, high }: Interval): Interval => ({
  low: Math.floor(low * 1000 + 1e-6) / 1000,
  high: (Math.ceil(high * 1000 - 1e-6) + 0) / 1000,
})
