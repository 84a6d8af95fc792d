import { getSystemErrorName } from 'node:util'

/** @import { UdpRing } from './udp-ring.mjs' */

/**
 * @typedef {{ type: 'probe', seq: number, sentMs: number, dueMs: number, receivedMs: number | null, reflected?: number, error?: string }
 *   | { type: 'extra-answer', seq: number, receivedMs: number }} ProbeFact
 */

/** Matches what was sent with what came back: each probe is told once, when its first answer comes or its time is up. */
export class UdpAnswers {
  #ring
  #firstMs
  #everyMs
  #timeoutMs
  /** Every probe below has been told, and these above. */
  #open = 0
  /** @type {Set<number>} */
  #told = new Set()

  /**
   * @param {UdpRing} ring
   * @param {{ firstMs: number, everyMs: number, timeoutMs: number }} schedule
   */
  constructor(ring, { firstMs, everyMs, timeoutMs }) {
    this.#ring = ring
    this.#firstMs = firstMs
    this.#everyMs = everyMs
    this.#timeoutMs = timeoutMs
  }

  /** Whether every slot so far has been told. */
  get isSettled() {
    return this.#open >= this.#ring.head
  }

  /**
   * @param {number} seq
   * @param {number} reflected
   * @param {number} receivedMs
   * @returns {ProbeFact}
   */
  answer(seq, reflected, receivedMs) {
    const sent = seq < this.#open || this.#told.has(seq) ? null : this.#ring.read(seq)
    if (sent === null || receivedMs - sent.sentMs > this.#timeoutMs) return { type: 'extra-answer', seq, receivedMs }
    this.#told.add(seq)
    return { type: 'probe', seq, sentMs: sent.sentMs, dueMs: this.#dueMs(seq), receivedMs, reflected }
  }

  /**
   * The probes whose time is up, and those that never went out. A slot that was not used is passed over.
   * @param {number} nowMs
   * @returns {ProbeFact[]}
   */
  expire(nowMs) {
    /** @type {ProbeFact[]} */
    const facts = []
    for (const head = this.#ring.head; this.#open < head; this.#open += 1) {
      const seq = this.#open
      const sent = this.#told.delete(seq) ? null : this.#ring.read(seq)
      if (sent === null) continue
      if (sent.errno === 0 && nowMs - sent.sentMs <= this.#timeoutMs) break
      const error = sent.errno === 0 ? {} : { error: getSystemErrorName(sent.errno) }
      facts.push({ type: 'probe', seq, sentMs: sent.sentMs, dueMs: this.#dueMs(seq), receivedMs: null, ...error })
    }
    return facts
  }

  /** @param {number} seq */
  #dueMs(seq) {
    return this.#firstMs + seq * this.#everyMs
  }
}
