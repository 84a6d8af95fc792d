import type { EventOf } from '../model/event.ts'
import type { Sighting } from './probes.ts'

/** A probe is recorded when its answer came or its time was up; what delays that on the vantage machine besides, ms. */
const delayMs = 10_000

/**
 * Puts one stream's probes into the order of their sending. They are recorded when they are resolved, so a lost one comes after those that
 * were sent in the meantime: as many as fit into that time are held, and no more.
 */
export class SendOrder {
  readonly #withinMs: number
  readonly #next: (sighting: Sighting) => void
  /** By time of sending; those before `#head` have been handed on. */
  #held: Sighting[] = []
  #head = 0
  readonly #bySeq = new Map<number, Sighting>()
  #handedOnMs = -Infinity
  #latestMs = -Infinity
  /** Probes that came so late that others had been handed on in their place. */
  disordered = 0

  constructor(timeoutMs: number, next: (sighting: Sighting) => void) {
    this.#withinMs = timeoutMs + delayMs
    this.#next = next
  }

  /** Takes a probe. Only the first one of a number counts. */
  probe(event: EventOf<'probe'>): void {
    if (this.#bySeq.has(event.seq)) return
    if (event.sentMs < this.#handedOnMs) {
      this.disordered += 1
      return
    }
    const sighting = { event, laterMs: null, duplicates: 0 }
    this.#bySeq.set(event.seq, sighting)
    this.#insert(sighting)
    this.#latestMs = Math.max(this.#latestMs, event.sentMs)
    while ((this.#held[this.#head]?.event.sentMs ?? Infinity) < this.#latestMs - this.#withinMs) this.#handOn()
  }

  /** Takes an answer to what was answered already, or whose time was up; false where its probe is not held any more. */
  extraAnswer({ seq, receivedMs }: EventOf<'extra-answer'>): boolean {
    const sighting = this.#bySeq.get(seq)
    if (sighting === undefined) return false
    if (sighting.event.receivedMs === null) sighting.laterMs = Math.min(sighting.laterMs ?? Infinity, receivedMs)
    else sighting.duplicates += 1
    return true
  }

  /** Hands on what is left. */
  end(): void {
    while (this.#head < this.#held.length) this.#handOn()
  }

  #insert(sighting: Sighting): void {
    let at = this.#held.length
    while (at > this.#head && (this.#held[at - 1]?.event.sentMs ?? -Infinity) > sighting.event.sentMs) at -= 1
    if (at === this.#held.length) this.#held.push(sighting)
    else this.#held.splice(at, 0, sighting)
  }

  #handOn(): void {
    const sighting = this.#held[this.#head]
    this.#head += 1
    if (this.#head > 4096 && this.#head * 2 > this.#held.length) {
      this.#held.splice(0, this.#head)
      this.#head = 0
    }
    if (sighting === undefined) return
    this.#bySeq.delete(sighting.event.seq)
    this.#handedOnMs = sighting.event.sentMs
    this.#next(sighting)
  }
}
