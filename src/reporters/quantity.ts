import type { Unit } from '../model/metric.ts'
import type { Interval } from '../model/result.ts'

/** What stands in place of a value that could not be measured. */
export const notMeasurable = 'not measurable'

/** A measured interval for people: `3.20-3.60 s`, `17`, `at least 30.0 s`; null is `not measurable`. */
export function sayInterval(interval: Interval | null, unit: Unit): string {
  if (interval === null) return notMeasurable
  return unit === 'count' ? sayCount(interval) : sayDuration(interval)
}

/** A length of time in ms for people: `85 ms` below a second, `3.42 s` above. */
export const sayMs = (ms: number): string => (Math.abs(ms) < 1000 ? `${fixed(ms, 0)} ms` : `${fixed(ms / 1000, 2)} s`)

/** An instant relative to the fault, both in ms, as signed seconds: `+3.42 s`, `-1.00 s`. */
export function sayInstant(atMs: number, originMs: number): string {
  const seconds = fixed((atMs - originMs) / 1000, 2)
  return `${seconds.startsWith('-') ? '' : '+'}${seconds} s`
}

function sayCount({ low, high }: Interval): string {
  if (low === high) return String(low)
  return Number.isFinite(high) ? `${low}–${high}` : `at least ${low}`
}

function sayDuration({ low, high }: Interval): string {
  if (!Number.isFinite(high)) return `at least ${sayMs(low)}`
  if (low === high) return sayMs(high)
  const inSeconds = high >= 1000
  return inSeconds ? `${fixed(low / 1000, 2)}–${fixed(high / 1000, 2)} s` : `${fixed(low, 0)}–${fixed(high, 0)} ms`
}

/** `toFixed` without the minus sign of a rounded zero. */
function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}
