import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
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
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const outcome = await new Promise((/** @type {(outcome: Outcome) => void} */ resolve) => {
      const impatience = setTimeout(() => resolve({ answered: false, cause: 'no answer in time' }), timeoutMs)
      socket.on('close', () => clearTimeout(impatience))
      socket.on('error', (error) =>
        resolve({ answered: false, error: 'code' in error ? String(error.code) : error.message }),
      )
      socket.on('message', (message) => {
        const answer = decodeAnswer(message, id)
        if (answer !== null) resolve(judged(answer))
      })
      socket.send(encodeQuestion(id, this.#name), port ?? 53, address)
    })
    socket.close()
    return outcome
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
