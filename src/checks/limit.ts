import { sayQuantity } from '../analysis/quantity.ts'
import type { Unit } from '../model/metric.ts'
import type { Interval } from '../model/interval.ts'
import type { Verdict } from '../model/verdict.ts'

/** What a value may be, in the unit of its metric. */
export interface Limit {
  min?: number | undefined
  max?: number | undefined
}

/**
 * Judges an interval that holds the truth: pass only where every value in it is within the limit, fail only where none is.
 * A limit inside the interval cannot be decided. Null (not measurable), and a limit without bounds, are unknown.
 */
export function judgeInterval(interval: Interval | null, { min, max }: Limit): Verdict {
  if (interval === null || Number.isNaN(interval.low) || Number.isNaN(interval.high)) return 'unknown'
  if (min === undefined && max === undefined) return 'unknown'
  const [lowest, highest] = [min ?? -Infinity, max ?? Infinity]
  if (interval.low >= lowest && interval.high <= highest) return 'pass'
  return interval.high < lowest || interval.low > highest ? 'fail' : 'unknown'
}

/** A limit for people: `at least 1`, `at most 4.50 s`, `at least 1 and at most 3`. */
export function sayLimit({ min, max }: Limit, unit: Unit): string {
  const parts = [
    ...(min === undefined ? [] : [`at least ${sayQuantity(min, unit)}`]),
    ...(max === undefined ? [] : [`at most ${sayQuantity(max, unit)}`]),
  ]
  return parts.join(' and ')
}
