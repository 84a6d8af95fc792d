import type { Result } from '../model/result.ts'

/**
 * `verdict.json`: the `Result` without its timeline, for programs. Keys come in the order below at the top and in alphabetical
 * order inside, so that two runs can be compared line by line. Times are ms. In `measurements`, `interval` null is a value that
 * could not be measured, and `high` null one without an upper bound; neither is zero.
 */
export function renderVerdictJson(result: Result): string {
  const { verdict, headline, run, findings, claims, measurements, problems, scenario, lab } = result
  const picked = { verdict, headline, run, findings, claims, measurements, problems, scenario, lab }
  const ordered = Object.fromEntries(Object.entries(picked).map(([key, value]) => [key, sorted(value)]))
  return `${JSON.stringify(ordered, null, 2)}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
