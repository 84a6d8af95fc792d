import { randomInt } from 'node:crypto'
import { TcpTransport } from './tcp-transport.mjs'

const headBytes = 16

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { LinkEvents, Transport } from './transport.ts' */

/**
 * TCP connections to an echo service whose messages are chunks of pseudo-random bytes, each chunk another.
 * @implements {Transport}
 */
export class BulkTransport {
  #tcp
  #chunkBytes
  #seed = randomInt(2 ** 32)

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#tcp = new TcpTransport(stream)
    this.#chunkBytes = stream.chunkBytes ?? headBytes
  }

  get settings() {
    return { ...this.#tcp.settings, messageBytes: String(this.#chunkBytes) }
  }

  /**
   * The head of a message, then bytes that follow from it (xorshift32).
   * @param {number} session
   * @param {number} seq
   */
  encode(session, seq) {
    const chunk = Buffer.alloc(this.#chunkBytes)
    this.#tcp.encode(session, seq).copy(chunk)
    let state = (this.#seed ^ Math.imul(session + 1, 0x9e37_79b1) ^ Math.imul(seq + 1, 0x85eb_ca6b)) | 1
    for (let at = headBytes; at + 4 <= chunk.length; at += 4) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      chunk.writeInt32LE(state, at)
    }
    return chunk
  }

  /**
   * @param {number} session
   * @param {LinkEvents} events
   */
  open(session, events) {
    return this.#tcp.open(session, events)
  }
}
