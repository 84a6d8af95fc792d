/** A stretch of the run's clock, ms. */
export interface Span {
  fromMs: number
  toMs: number
}

/** Stretches in order, apart from each other, none empty. */
export type Spans = readonly Span[]

/** All that lies in any of the stretches, which may come in any order and overlap. */
export function union(given: readonly Span[]): Span[] {
  const joined: Span[] = []
  const sorted = given.filter(({ fromMs, toMs }) => toMs > fromMs).toSorted((one, other) => one.fromMs - other.fromMs)
  for (const span of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs)
    else joined.push({ ...span })
  }
  return joined
}

/** What lies in both. */
export function intersection(one: Spans, other: Spans): Span[] {
  const common: Span[] = []
  let [left, right] = [0, 0]
  for (;;) {
    const [a, b] = [one[left], other[right]]
    if (a === undefined || b === undefined) return common
    const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)]
    if (toMs > fromMs) common.push({ fromMs, toMs })
    if (a.toMs < b.toMs) left += 1
    else right += 1
  }
}

/** What of one does not lie in the other. */
export function difference(one: Spans, other: Spans): Span[] {
  return intersection(one, gapsOf(other))
}

/** The sum of their lengths, ms. */
export const lengthOf = (spans: Spans): number => spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)

/** Everything that lies outside. */
function gapsOf(spans: Spans): Span[] {
  const edges = [-Infinity, ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), Infinity]
  return Array.from({ length: spans.length + 1 }, (_, index) => ({
    fromMs: edges[2 * index] ?? Infinity,
    toMs: edges[2 * index + 1] ?? Infinity,
  })).filter(({ fromMs, toMs }) => toMs > fromMs)
}
