import type { Span, Spans } from './spans.ts'
import { difference, intersection, lengthOf, union } from './spans.ts'

/** At some instant of the stretch a node was master of a VHID, or was not. */
export interface Sighting extends Span {
  isMaster: boolean
}

/** When a node was master of a VHID for certain, and when it was not for certain. What is in neither is not known. */
export interface Knowledge {
  master: Spans
  other: Spans
}

/**
 * What sightings say together. A role is taken to last from one sighting to the next that says the same, where these are at most
 * `longestGapMs` apart and nothing speaks against it; between two that differ it changed, nobody knows when. A reign may be so short that
 * a single sighting tells of it, at an instant that nobody knows exactly: it speaks against all that may have been around it. Who has lost
 * the role, on the other hand, does not regain it between two sightings.
 */
export function knownFrom(sightings: readonly Sighting[], longestGapMs: number): Knowledge {
  const masters = tightest(sightings.filter(({ isMaster }) => isMaster))
  const others = tightest(sightings.filter(({ isMaster }) => !isMaster))
  return {
    master: lasting(masters, others, longestGapMs, (one, next) => ({ fromMs: one.toMs, toMs: next.fromMs })),
    other: lasting(others, masters, longestGapMs, (one, next) => ({ fromMs: one.fromMs, toMs: next.toMs })),
  }
}

/** What one account says, and of the rest what the next one says. */
export function filledWith(first: Knowledge, next: Knowledge): Knowledge {
  const known = union([...first.master, ...first.other])
  return {
    master: union([...first.master, ...difference(next.master, known)]),
    other: union([...first.other, ...difference(next.other, known)]),
  }
}

/** When two accounts cannot both be true. */
export const contradictions = (one: Knowledge, other: Knowledge): Span[] =>
  union([...intersection(one.master, other.other), ...intersection(one.other, other.master)])

/** An account without what it says of some stretches. */
export const without = ({ master, other }: Knowledge, doubtful: Spans): Knowledge => ({
  master: difference(master, doubtful),
  other: difference(other, doubtful),
})

export const knowsNothing = ({ master, other }: Knowledge, window: Spans): boolean =>
  lengthOf(intersection(union([...master, ...other]), window)) === 0

/** Only sightings that no other one lies inside of; in order of their begin, and so of their end. */
function tightest(sightings: readonly Sighting[]): Sighting[] {
  const latestFirst = sightings.toSorted((one, other) => other.fromMs - one.fromMs || one.toMs - other.toMs)
  const kept: Sighting[] = []
  for (const sighting of latestFirst) if (sighting.toMs < (kept.at(-1)?.toMs ?? Infinity)) kept.push(sighting)
  return kept.toReversed()
}

/** `between` tells where an opposite sighting would deny that a role lasted from one sighting to the next. */
function lasting(
  same: readonly Sighting[],
  opposite: readonly Sighting[],
  longestGapMs: number,
  between: (one: Span, next: Span) => Span,
): Span[] {
  const spans: Span[] = []
  const isDenied = deniedBy(opposite)
  let first = same[0]
  for (const [index, last] of same.entries()) {
    const next = same[index + 1]
    const lasts = next !== undefined && next.toMs - last.fromMs <= longestGapMs && !isDenied(between(last, next))
    if (lasts && !isDenied(last)) continue
    // From the first of a row to the last: where its sightings overlap, nobody knows which came first.
    spans.push({ fromMs: first?.toMs ?? Infinity, toMs: last.fromMs })
    first = lasts ? last : next
  }
  return union(spans)
}

/** Whether a sighting of the opposite (given in order) may lie inside a stretch. */
const deniedBy =
  (opposite: readonly Sighting[]) =>
  ({ fromMs, toMs }: Span): boolean =>
    (opposite[firstAfter(opposite, fromMs)]?.fromMs ?? Infinity) < toMs

/** The index of the first that ends after an instant. */
function firstAfter(sightings: readonly Sighting[], atMs: number): number {
  let [from, to] = [0, sightings.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sightings[middle]?.toMs ?? Infinity) <= atMs) from = middle + 1
    else to = middle
  }
  return from
}
