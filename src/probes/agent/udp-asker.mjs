import { randomBytes } from 'node:crypto'
import { askOnce } from './datagram-question.mjs'
import { numbersIn, payloadBytes, payloadOf, setNumber } from './udp-payload.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Asker, Outcome } from './transport.ts' */

/**
 * Sends each numbered datagram from a port of its own, so that each is a new state for the firewalls: what they do with a flow that they do not know.
 * @implements {Asker}
 */
export class UdpAsker {
  #stream
  #key = randomBytes(16)

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  get settings() {
    return { key: this.#key.toString('hex'), payload: `${payloadBytes} bytes`, port: 'another one for each probe' }
  }

  /**
   * @param {number} seq
   * @returns {Promise<Outcome>}
   */
  async ask(seq) {
    const { address, port, timeoutMs } = this.#stream
    const payload = payloadOf(this.#key)
    setNumber(payload, seq)
    return await askOnce({ address, port: port ?? 7, timeoutMs }, payload, (answer) =>
      numbersIn(answer, answer.length, this.#key)?.seq === seq ? { answered: true } : null,
    )
  }
}
