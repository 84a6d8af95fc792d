/** Values below this are told as this, and each is known to within this share of it. */
const least = 0.001
const growth = Math.log(1.02)
const bins = 1024

/** Percentiles of any number of values (0 and above) in a fixed space, each at most 2 % too high. */
export class Sketch {
  readonly #counts = new Float64Array(bins)
  #total = 0
  max = 0

  add(value: number): void {
    const bin = value <= least ? 0 : Math.min(bins - 1, Math.ceil(Math.log(value / least) / growth))
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1
    this.#total += 1
    this.max = Math.max(this.max, value)
  }

  /** The value that `share` of the values do not exceed; null without values. */
  percentile(share: number): number | null {
    let left = Math.max(1, Math.ceil(share * this.#total))
    for (const [bin, count] of this.#counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(this.max, least * Math.exp(bin * growth))
    }
    return null
  }
}
