import { sayInterval } from '../analysis/quantity.ts'
import type { Unit } from '../model/metric.ts'
import type { Interval } from '../model/interval.ts'

export { sayMs } from '../analysis/quantity.ts'

/** What stands in place of a value that could not be measured. */
export const notMeasurable = 'not measurable'

/** A measured interval in the words that the findings use, or `not measurable`. */
export const sayMeasured = (interval: Interval | null, unit: Unit): string =>
  interval === null ? notMeasurable : sayInterval(interval, unit)

/** An instant relative to the fault, both in ms, as signed seconds: `+3.42 s`, `-1.00 s`. */
export function sayInstant(atMs: number, originMs: number): string {
  const seconds = ((atMs - originMs) / 1000).toFixed(2)
  return Number(seconds) < 0 ? `${seconds} s` : `+${seconds.replace('-', '')} s`
}
