/** A while in which a processor was not there for anyone, ms. */
export type Standstill = readonly [fromMs: number, toMs: number]

/**
 * For how long the machine stood still around instants, ms: the whole of every standstill that reaches within `everyMs` of one of them, once.
 * A probe that was due in such a while could not be sent by anybody, and the interval around the instant is wider by half of it.
 */
export function standstillAround(
  instantsMs: readonly number[],
  everyMs: number,
  standstills: readonly Standstill[],
): number {
  const touching = standstills.filter(([fromMs, toMs]) =>
    instantsMs.some((atMs) => fromMs <= atMs + everyMs && toMs >= atMs - everyMs),
  )
  return lengthOf(touching.toSorted(([one], [other]) => one - other))
}

/** Of what overlaps, as on two processors at once, each ms counts once. */
function lengthOf(sorted: readonly Standstill[]): number {
  let [totalMs, coveredMs] = [0, -Infinity]
  for (const [fromMs, toMs] of sorted) {
    totalMs += Math.max(0, toMs - Math.max(fromMs, coveredMs))
    coveredMs = Math.max(coveredMs, toMs)
  }
  return totalMs
}
