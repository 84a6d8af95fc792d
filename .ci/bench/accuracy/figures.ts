/** Statistics of samples; NaN where there are none. */

export const mean = (values: readonly number[]): number => sum(values) / values.length

export const rms = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value * value)))

export const largest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((most, value) => Math.max(most, value), -Infinity)

/** The smallest value that at least `share` of all do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
