import { nowMs } from './clock.mjs'
import { HeldSession } from './held-session.mjs'
import { emit } from './output.mjs'
import { pace } from './pacer.mjs'
import { SessionRows } from './session-rows.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream, Transport } from './transport.ts' */

const pollMs = 10
const mostSockets = 50
/** Sessions open one after another, so that thousands of them are no storm of connections, ms apart. */
const openApartMs = 0.5

/**
 * Sessions held open side by side, their messages spread evenly over the interval from a random phase on.
 * @implements {RunningStream}
 */
export class SessionStream {
  #stream
  #transport
  #sessions
  #rows
  #stopPacing = () => {}
  #stopOpening = () => {}
  #allowed = 0

  /**
   * @param {AgentStream} stream
   * @param {Transport} transport
   */
  constructor(stream, transport) {
    this.#stream = stream
    this.#transport = transport
    const messages = new SessionRows('messages', stream.name)
    const rows = { messages, echoes: new SessionRows('echoes', stream.name, messages) }
    this.#rows = rows
    this.#sessions = Array.from(
      { length: stream.sessions },
      (_, session) => new HeldSession(stream.name, session, transport, rows),
    )
  }

  start() {
    const { everyMs, name } = this.#stream
    const count = this.#sessions.length
    emit({ type: 'stream-opened', stream: name, settings: this.#transport.settings })
    const firstMs = nowMs() + Math.random() * everyMs
    const apartMs = this.#stream.openEveryMs ?? openApartMs
    this.#stopOpening = pace(firstMs, apartMs, apartMs * count, (slot) => this.#allow(slot))
    this.#stopPacing = pace(firstMs, everyMs / count, everyMs, (slot) => this.#sessions[slot % count]?.tick())
  }

  /**
   * Up to this session they may open.
   * @param {number} last
   */
  #allow(last) {
    while (this.#allowed <= last && this.#allowed < this.#sessions.length)
      this.#sessions[this.#allowed++]?.allowOpening()
    if (this.#allowed === this.#sessions.length) this.#stopOpening()
  }

  /**
   * Those whose messages wait for their echo, and some of the others.
   * @param {(owner: { port: number } | { pid: number }) => string | null} read
   */
  sampleSockets(read) {
    const waiting = this.#sessions.filter(({ isSettled }) => !isSettled)
    const others = this.#sessions.filter(({ isSettled }) => isSettled)
    const sockets = [...waiting, ...others].slice(0, Math.max(mostSockets, waiting.length))
    const told = sockets.flatMap((session) => session.socket(read) ?? [])
    emit({ type: 'socket-sample', stream: this.#stream.name, machineMs: nowMs(), sockets: told })
  }

  /** Sends nothing more; resolves when every echo is back, or has had its time. */
  async stop() {
    this.#stopOpening()
    this.#stopPacing()
    const deadlineMs = nowMs() + this.#stream.timeoutMs
    while (nowMs() < deadlineMs && !this.#sessions.every((session) => session.isSettled)) {
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
    for (const session of this.#sessions) session.end()
    this.#rows.messages.flush()
    this.#rows.echoes.flush()
  }
}
