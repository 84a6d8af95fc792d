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
    const { name, everyMs } = this.#stream
    emit({ type: 'stream-opened', stream: name, settings: this.#asker.settings })
    this.#firstMs = nowMs() + Math.random() * everyMs
    const patienceMs = Math.max(everyMs / 2, latestMs)
    this.#stopPacing = pace(this.#firstMs, everyMs, patienceMs, (slot) => this.#ask(slot))
  }

  /** Asks nothing more; resolves when every question has its answer, or has had its time. */
  async stop() {
    this.#stopPacing()
    await Promise.all(this.#pending)
  }

  /** @param {number} seq */
  #ask(seq) {
    const question = this.#report(seq).finally(() => this.#pending.delete(question))
    this.#pending.add(question)
  }

  /** @param {number} seq */
  async #report(seq) {
    const sentMs = nowMs()
    const { answered, ...why } = await this.#asker.ask()
    const receivedMs = answered ? nowMs() : null
    const dueMs = toMicrosecond(this.#firstMs + seq * this.#stream.everyMs)
    emit({ type: 'probe', stream: this.#stream.name, seq, sentMs, dueMs, receivedMs, ...why })
  }
}
