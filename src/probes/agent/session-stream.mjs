import { nowMs } from './clock.mjs'
import { HeldSession } from './held-session.mjs'
import { emit } from './output.mjs'
import { pace } from './pacer.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream, Transport } from './transport.ts' */

const pollMs = 10

/**
 * Sessions held open side by side, their messages spread evenly over the interval from a random phase on.
 * @implements {RunningStream}
 */
export class SessionStream {
  #stream
  #transport
  #sessions
  #stopPacing = () => {}

  /**
   * @param {AgentStream} stream
   * @param {Transport} transport
   */
  constructor(stream, transport) {
    this.#stream = stream
    this.#transport = transport
    this.#sessions = Array.from(
      { length: stream.sessions },
      (_, session) => new HeldSession(stream.name, session, transport),
    )
  }

  start() {
    const { everyMs, name } = this.#stream
    const count = this.#sessions.length
    emit({ type: 'stream-opened', stream: name, settings: this.#transport.settings })
    const firstMs = nowMs() + Math.random() * everyMs
    this.#stopPacing = pace(firstMs, everyMs / count, everyMs, (slot) => this.#sessions[slot % count]?.tick())
  }

  /** Sends nothing more; resolves when every echo is back, or has had its time. */
  async stop() {
    this.#stopPacing()
    const deadlineMs = nowMs() + this.#stream.timeoutMs
    while (nowMs() < deadlineMs && !this.#sessions.every((session) => session.isSettled)) {
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
    for (const session of this.#sessions) session.end()
  }
}
