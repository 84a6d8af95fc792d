/** A sequence of fractions from 0 to 1 that a seed determines (mulberry32), the same on every machine. */
function fractions(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The so-manieth fraction of a seed; each attempt has its own, whatever was tried before. */
export function fractionOf(seed: number, number: number): number {
  return fractions(seed * 1_000_003 + number)()
}
