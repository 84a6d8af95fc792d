import type { EventOf } from '../model/event.ts'
import { HeldProbes } from './held-probes.ts'
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
  readonly #held: HeldProbes
  #handedOnMs = -Infinity
  #latestMs = -Infinity
  /** Probes that came so late that others had been handed on in their place. */
  disordered = 0

  constructor({ stream, timeoutMs }: EventOf<'stream-opened'>, next: (sighting: Sighting) => void) {
    this.#withinMs = timeoutMs + delayMs
    this.#next = next
    this.#held = new HeldProbes(stream)
  }

  /** Takes a probe. Only the first one of a number counts. */
  probe(event: EventOf<'probe'>): void {
    if (this.#held.has(event.seq)) return
    if (event.sentMs < this.#handedOnMs) {
      this.disordered += 1
      return
    }
    this.#held.add(event)
    this.#latestMs = Math.max(this.#latestMs, event.sentMs)
    while (this.#held.firstMs < this.#latestMs - this.#withinMs) this.#handOn()
  }

  /** Takes an answer to what was answered already, or whose time was up; false where its probe is not held any more. */
  extraAnswer({ seq, receivedMs }: EventOf<'extra-answer'>): boolean {
    if (!this.#held.has(seq)) return false
    this.#held.answeredAgain(seq, receivedMs)
    return true
  }

  /** Hands on what is left. */
  end(): void {
    while (this.#held.firstMs < Infinity) this.#handOn()
  }

  #handOn(): void {
    const sighting = this.#held.shift()
    if (sighting === null) return
    this.#handedOnMs = sighting.event.sentMs
    this.#next(sighting)
  }
}
