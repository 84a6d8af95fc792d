import { toMicrosecond } from './clock.mjs'
import { emit } from './output.mjs'

const flushMs = 100
const mostRows = 2000

/**
 * The messages of one stream's sessions, or their echoes, told by columns: thousands of sessions make a line ten times a second,
 * not one for each message.
 */
export class SessionRows {
  #type
  #stream
  #causes
  #baseMs = 0
  /** @type {number[]} */
  #sessions = []
  /** @type {number[]} */
  #seqs = []
  /** @type {number[]} */
  #afterMs = []

  /**
   * @param {'messages' | 'echoes'} type
   * @param {string} stream
   * @param {SessionRows} [causes] told before these: an echo never comes before its message
   */
  constructor(type, stream, causes) {
    this.#type = type
    this.#stream = stream
    this.#causes = causes
  }

  /**
   * @param {number} session
   * @param {number} seq
   * @param {number} atMs
   */
  add(session, seq, atMs) {
    if (this.#seqs.length === 0) this.#begin(atMs)
    this.#sessions.push(session)
    this.#seqs.push(seq)
    this.#afterMs.push(toMicrosecond(atMs - this.#baseMs))
    if (this.#seqs.length >= mostRows) this.flush()
  }

  /** Tells what there is. */
  flush() {
    if (this.#seqs.length === 0) return
    this.#causes?.flush()
    const [sessions, seqs, afterMs] = [this.#sessions, this.#seqs, this.#afterMs]
    emit({ type: this.#type, stream: this.#stream, baseMs: this.#baseMs, sessions, seqs, afterMs })
    this.#sessions = []
    this.#seqs = []
    this.#afterMs = []
  }

  /** @param {number} atMs */
  #begin(atMs) {
    this.#baseMs = toMicrosecond(atMs)
    setTimeout(() => this.flush(), flushMs)
  }
}
