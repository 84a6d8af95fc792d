import { toMicrosecond } from './clock.mjs'

/** @import { ProbeFact } from './udp-answers.mjs' */

/** What became of one stream's probes: those that were answered are told by columns, which costs a tenth of a line for each. */
export class AnswerRows {
  #stream
  /** @type {number[]} */
  #seqs = []
  /** @type {number[]} */
  #dueMs = []
  /** @type {number[]} */
  #sentMs = []
  /** @type {number[]} */
  #receivedMs = []
  /** @type {number[]} */
  #reflected = []

  #tell

  /**
   * @param {string} stream
   * @param {(line: object) => void} tell
   */
  constructor(stream, tell) {
    this.#stream = stream
    this.#tell = tell
  }

  /** @param {ProbeFact | { type: 'stale-answer', receivedMs: number }} fact */
  add(fact) {
    if (fact.type !== 'probe') return this.#tellApart({ ...fact, receivedMs: toMicrosecond(fact.receivedMs) })
    const [dueMs, sentMs] = [toMicrosecond(fact.dueMs), toMicrosecond(fact.sentMs)]
    if (fact.receivedMs === null || fact.reflected === undefined) return this.#tellApart({ ...fact, dueMs, sentMs })
    this.#seqs.push(fact.seq)
    this.#dueMs.push(dueMs)
    this.#sentMs.push(sentMs)
    this.#receivedMs.push(toMicrosecond(fact.receivedMs))
    this.#reflected.push(fact.reflected)
  }

  /** Tells the columns that there are. */
  flush() {
    if (this.#seqs.length === 0) return
    const columns = { seqs: this.#seqs, dueMs: this.#dueMs, sentMs: this.#sentMs, receivedMs: this.#receivedMs }
    this.#tell({ type: 'answers', stream: this.#stream, ...columns, reflected: this.#reflected })
    this.#seqs = []
    this.#dueMs = []
    this.#sentMs = []
    this.#receivedMs = []
    this.#reflected = []
  }

  /** @param {object} fact */
  #tellApart(fact) {
    this.#tell({ ...fact, stream: this.#stream })
  }
}
