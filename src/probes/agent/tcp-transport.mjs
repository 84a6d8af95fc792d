import { randomInt } from 'node:crypto'
import { connect } from 'node:net'

const messageBytes = 16

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { LinkEvents, Transport } from './transport.ts' */

/**
 * TCP connections to an echo service, one for each session.
 * @implements {Transport}
 */
export class TcpTransport {
  #stream
  #key = randomInt(2 ** 32)

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  get settings() {
    return { port: String(this.#stream.port), messageBytes: String(messageBytes), noDelay: 'yes', keepAlive: 'no' }
  }

  /**
   * 16 bytes: a random key of this stream, the session, the number of the message.
   * @param {number} session
   * @param {number} seq
   */
  encode(session, seq) {
    const message = Buffer.alloc(messageBytes)
    message.writeUInt32BE(this.#key, 0)
    message.writeUInt32BE(session, 4)
    message.writeBigUInt64BE(BigInt(seq), 8)
    return message
  }

  /**
   * @param {number} _session
   * @param {LinkEvents} events
   */
  open(_session, { onOpen, onData, onClose }) {
    const { address, port, timeoutMs } = this.#stream
    const socket = connect({ host: address, port: port ?? 7, noDelay: true })
    let cause = 'closed'
    const impatience = setTimeout(() => socket.destroy(new Error('no connection in time')), timeoutMs)
    socket.on('connect', () => {
      clearTimeout(impatience)
      onOpen()
    })
    socket.on('data', onData)
    socket.on('end', () => (cause = 'FIN'))
    socket.on('error', (error) => (cause = 'code' in error ? String(error.code) : error.message))
    socket.on('close', () => {
      clearTimeout(impatience)
      onClose(cause)
    })
    return {
      owner: () => (socket.localPort === undefined ? null : { port: socket.localPort }),
      write: (/** @type {Buffer} */ bytes) => void socket.write(bytes),
      close: () => void socket.destroy(),
    }
  }
}
