import { randomInt } from 'node:crypto'
import { connect } from 'node:net'

const messageBytes = 16

/** TCP connections to an echo service, one for each session. */
export class TcpTransport {
  #stream
  #key = randomInt(2 ** 32)

  constructor(stream) {
    this.#stream = stream
  }

  get settings() {
    return { port: String(this.#stream.port), messageBytes: String(messageBytes), noDelay: 'yes', keepAlive: 'no' }
  }

  /** 16 bytes: a random key of this stream, the session, the number of the message. */
  encode(session, seq) {
    const message = Buffer.alloc(messageBytes)
    message.writeUInt32BE(this.#key, 0)
    message.writeUInt32BE(session, 4)
    message.writeBigUInt64BE(BigInt(seq), 8)
    return message
  }

  open(_session, { onOpen, onData, onClose }) {
    const { address, port, timeoutMs } = this.#stream
    const socket = connect({ host: address, port, noDelay: true })
    let cause = 'closed'
    const impatience = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), timeoutMs)
    socket.on('connect', () => {
      clearTimeout(impatience)
      onOpen()
    })
    socket.on('data', onData)
    socket.on('end', () => (cause = 'FIN'))
    socket.on('error', (error) => (cause = error.code ?? error.message))
    socket.on('close', () => {
      clearTimeout(impatience)
      onClose(cause)
    })
    return { write: (bytes) => socket.write(bytes), close: () => socket.destroy() }
  }
}
