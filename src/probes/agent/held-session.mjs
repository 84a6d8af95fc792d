import { nowMs } from './clock.mjs'
import { emit } from './output.mjs'

/** @import { SessionRows } from './session-rows.mjs' */
/** @import { Link, Transport } from './transport.ts' */

const retryMs = 1000

/**
 * One session of a stream: opened once (tried again until it opens), never reopened. Carries numbered messages and compares
 * what comes back with what was sent, byte for byte and in order.
 */
export class HeldSession {
  #stream
  #session
  #transport
  #rows
  /** @type {Link | null} */
  #link = null
  /** @type {'new' | 'opening' | 'open' | 'closed'} */
  #state = 'new'
  #retryAtMs = 0
  #isAllowed = false
  #sent = 0
  #echoed = 0
  /** @type {Buffer} */
  #received = Buffer.alloc(0)
  #lastCause = 'no answer'
  /** @type {Buffer | null} What comes back next, if all is well. */
  #expected = null

  /**
   * @param {string} stream
   * @param {number} session
   * @param {Transport} transport
   * @param {{ messages: SessionRows, echoes: SessionRows }} rows
   */
  constructor(stream, session, transport, rows) {
    this.#stream = stream
    this.#session = session
    this.#transport = transport
    this.#rows = rows
  }

  /** From now on it may open. */
  allowOpening() {
    this.#isAllowed = true
  }

  /** Called at every interval. */
  tick() {
    if (this.#state === 'open') this.#send()
    if (this.#isAllowed && this.#state === 'new' && nowMs() >= this.#retryAtMs) this.#open()
  }

  get isSettled() {
    return this.#state !== 'open' || this.#echoed === this.#sent
  }

  /**
   * What its kernel says of its socket; undefined where it has none to speak of.
   * @param {(owner: { port: number } | { pid: number }) => string | null} read
   */
  socket(read) {
    const owner = this.#state === 'open' ? this.#link?.owner() : null
    return owner === null || owner === undefined ? undefined : { session: this.#session, tcp: read(owner) }
  }

  /** The stream is over; a session that never opened says why. */
  end() {
    if (this.#isAllowed && (this.#state === 'new' || this.#state === 'opening'))
      this.#emitClosed(`never opened: ${this.#lastCause}`)
    this.#state = 'closed'
    this.#link?.close()
  }

  #open() {
    this.#state = 'opening'
    this.#link = this.#transport.open(this.#session, {
      onOpen: () => this.#opened(),
      onData: (bytes) => this.#compare(bytes, nowMs()),
      onClose: (cause) => this.#closed(cause),
    })
  }

  #opened() {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    emit({ type: 'session-opened', ...this.#id, openedMs: nowMs() })
  }

  #send() {
    const seq = this.#sent++
    this.#rows.messages.add(this.#session, seq, nowMs())
    this.#link?.write(this.#transport.encode(this.#session, seq))
  }

  /**
   * @param {Buffer} bytes
   * @param {number} receivedMs
   */
  #compare(bytes, receivedMs) {
    if (this.#state !== 'open') return
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
    for (;;) {
      const expected = (this.#expected ??= this.#transport.encode(this.#session, this.#echoed))
      const came = this.#received.subarray(0, expected.length)
      if (!expected.subarray(0, came.length).equals(came) || (came.length > 0 && this.#echoed === this.#sent))
        return this.#corrupt(came)
      if (came.length < expected.length) return
      this.#rows.echoes.add(this.#session, this.#echoed++, receivedMs)
      this.#received = this.#received.subarray(expected.length)
      this.#expected = null
    }
  }

  /** @param {Buffer} came */
  #corrupt(came) {
    this.#closed(`corrupt: expected the echo of message ${this.#echoed}, came ${came.toString('hex')}`)
    this.#link?.close()
  }

  /** @param {string} cause */
  #closed(cause) {
    if (this.#state === 'open') {
      this.#emitClosed(cause)
      this.#state = 'closed'
    }
    if (this.#state !== 'opening') return
    this.#lastCause = cause
    this.#retryAtMs = nowMs() + retryMs
    this.#state = 'new'
  }

  /** @param {string} cause */
  #emitClosed(cause) {
    this.#rows.messages.flush()
    this.#rows.echoes.flush()
    emit({ type: 'session-closed', ...this.#id, closedMs: nowMs(), cause })
  }

  get #id() {
    return { stream: this.#stream, session: this.#session }
  }
}
