import { randomInt } from 'node:crypto'
import { askOnce } from './datagram-question.mjs'
import { decodeAnswer, encodeQuestion } from './dns-message.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Asker, Outcome } from './transport.ts' */

/**
 * Asks for the address of a name over UDP, each time from a fresh port with a fresh number. An address is an answer; another code is none.
 * @implements {Asker}
 */
export class DnsAsker {
  #stream
  #name

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
    this.#name = stream.question ?? 'probe.firedrill.test'
  }

  get settings() {
    return { question: `A ${this.#name}`, transport: 'UDP' }
  }

  /** @returns {Promise<Outcome>} */
  async ask() {
    const { address, port, timeoutMs } = this.#stream
    const id = randomInt(0x1_00_00)
    return await askOnce({ address, port: port ?? 53, timeoutMs }, encodeQuestion(id, this.#name), (message) => {
      const answer = decodeAnswer(message, id)
      return answer === null ? null : judged(answer)
    })
  }
}

/**
 * @param {{ code: number, addresses: string[] }} answer
 * @returns {Outcome}
 */
function judged({ code, addresses }) {
  if (code !== 0) return { answered: false, cause: `DNS code ${code}` }
  return addresses.length > 0 ? { answered: true } : { answered: false, cause: 'no address in the answer' }
}
