import { nowMs, toMicrosecond } from './clock.mjs'
import { emit } from './output.mjs'
import { pace } from './pacer.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Asker, RunningStream } from './transport.ts' */

const latestMs = 5

/**
 * Questions asked at a fixed rate whatever becomes of the answers, each over a connection of its own.
 * @implements {RunningStream}
 */
export class RequestStream {
  #stream
  #asker
  #firstMs = 0
  /** @type {Set<Promise<void>>} */
  #pending = new Set()
  #stopPacing = () => {}
  /** @type {Promise<unknown> | null} */
  #preparing = null
  #isOver = false

  /**
   * @param {AgentStream} stream
   * @param {Asker} asker
   */
  constructor(stream, asker) {
    this.#stream = stream
    this.#asker = asker
  }

  /** At a random phase, so that the probes do not lock to anything periodic. */
  start() {
    const { name } = this.#stream
    emit({ type: 'stream-opened', stream: name, settings: this.#asker.settings })
    const { prepare } = this.#asker
    if (prepare === undefined) return this.#pace()
    this.#preparing = prepare
      .call(this.#asker)
      .then(() => this.#isOver || this.#pace())
      .catch((/** @type {unknown} */ error) => emit({ type: 'stream-failed', stream: name, reason: String(error) }))
  }

  #pace() {
    const { everyMs } = this.#stream
    this.#firstMs = nowMs() + Math.random() * everyMs
    const patienceMs = Math.max(everyMs / 2, latestMs)
    this.#stopPacing = pace(this.#firstMs, everyMs, patienceMs, (slot) => this.#ask(slot))
  }

  /** Asks nothing more; resolves when every question has its answer, or has had its time. */
  async stop() {
    this.#isOver = true
    this.#stopPacing()
    await Promise.all(this.#pending)
    await this.#asker.close?.()
    await this.#preparing
  }

  /** @param {number} seq */
  #ask(seq) {
    const question = this.#report(seq).finally(() => this.#pending.delete(question))
    this.#pending.add(question)
  }

  /** @param {number} seq */
  async #report(seq) {
    const sentMs = nowMs()
    const { answered, ...why } = await this.#asker.ask(seq)
    const receivedMs = answered ? nowMs() : null
    const dueMs = toMicrosecond(this.#firstMs + seq * this.#stream.everyMs)
    emit({ type: 'probe', stream: this.#stream.name, seq, sentMs, dueMs, receivedMs, ...why })
  }
}
