import type { Probe } from './probes.ts'
import type { Tallies } from './loss-direction.ts'

/** Counts probes whose answer came after the answer to one that was sent later (RFC 4737). */
export class Reordering {
  /** Answers that a later probe's answer can still overtake, by time of arrival. */
  readonly #waiting: { arrivalMs: number; tallies: Tallies }[] = []

  /** Takes the next probe, in the order of sending. */
  note({ sentMs, rttMs }: Probe, tallies: Tallies): void {
    while ((this.#waiting[0]?.arrivalMs ?? Infinity) <= sentMs) this.#waiting.shift()
    if (rttMs === null) return
    const arrivalMs = sentMs + rttMs
    for (
      let last = this.#waiting.at(-1);
      last !== undefined && last.arrivalMs > arrivalMs;
      last = this.#waiting.at(-1)
    ) {
      for (const tally of last.tallies) tally.reordered += 1
      this.#waiting.pop()
    }
    this.#waiting.push({ arrivalMs, tallies })
  }
}
