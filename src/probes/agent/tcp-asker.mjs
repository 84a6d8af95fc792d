import { connect } from 'node:net'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Socket } from 'node:net' */
/** @import { Asker, Outcome } from './transport.ts' */

/**
 * Asks for a TCP connection, which is an answer, and closes it again.
 * @implements {Asker}
 */
export class TcpAsker {
  #stream

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  get settings() {
    return { synRetransmission: 'by the kernel, first after 1 s' }
  }

  /** @returns {Promise<Outcome>} */
  async ask() {
    const { address, port, timeoutMs } = this.#stream
    return await new Promise((resolve) => {
      const socket = connect({ host: address, port: port ?? 0 })
      const failure = failureOf(socket)
      const impatience = setTimeout(() => socket.destroy(new Error('no connection in time')), timeoutMs)
      socket.on('connect', () => {
        resolve({ answered: true })
        socket.resetAndDestroy()
      })
      socket.on('error', (error) => resolve(failure(error)))
      socket.on('close', () => clearTimeout(impatience))
    })
  }
}

/**
 * What an error of a new connection means. One that is there before the event loop turns is the kernel's refusal to send; later ones came from outside.
 * @param {Socket} socket
 * @returns {(error: Error) => Outcome}
 */
export function failureOf(socket) {
  let isUnsent = false
  process.nextTick(() => (isUnsent = socket.destroyed)) // connect() itself waits for one tick
  return (error) => {
    const reason = 'code' in error ? String(error.code) : error.message
    return isUnsent ? { answered: false, error: reason } : { answered: false, cause: reason }
  }
}
