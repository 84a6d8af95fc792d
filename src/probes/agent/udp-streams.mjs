import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { Worker } from 'node:worker_threads'
import { nowMs, toMicrosecond } from './clock.mjs'
import { emit } from './output.mjs'
import { fdOfPort } from './socket-fd.mjs'
import { UdpAnswers } from './udp-answers.mjs'
import { UdpRing } from './udp-ring.mjs'

/** @import { Socket } from 'node:dgram' */
/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream } from './transport.ts' */

const keyBytes = 16
const numberBytes = 8
const payloadBytes = 64
/** How often probes whose time is up are looked for, ms. */
const sweepMs = 50
/** For so long this thread may stall without losing what the sender told, ms. */
const memoryMs = 8000

/**
 * All UDP streams of the agent: one thread sends them, this one reads what the reflectors answer.
 * @implements {RunningStream}
 */
export class UdpStreams {
  #streams
  /** @type {UdpStream[]} */
  #opened = []
  #stopped = new SharedArrayBuffer(4)
  #sweep = setInterval(() => this.#expire(), sweepMs)

  /** @param {AgentStream[]} streams */
  constructor(streams) {
    this.#streams = streams
  }

  start() {
    void this.#start()
  }

  /** Sends nothing more; resolves when each probe so far has its answer, or has had its time. */
  async stop() {
    const flag = new Int32Array(this.#stopped)
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
    while (!this.#opened.every(({ isSettled }) => isSettled))
      await new Promise((resolve) => setTimeout(resolve, sweepMs))
    clearInterval(this.#sweep)
    for (const stream of this.#opened) stream.close()
  }

  async #start() {
    const opened = await Promise.all(this.#streams.map((stream) => openStream(stream)))
    this.#opened = opened.filter((stream) => stream !== null)
    if (this.#opened.length === 0) return
    const sending = { streams: this.#opened.map(({ sending: one }) => one), stop: this.#stopped }
    const sender = new Worker(new URL('./udp-sender.mjs', import.meta.url), { workerData: sending })
    sender.on('message', (/** @type {number[]} */ firstMs) => this.#begin(firstMs))
    sender.on('error', (/** @type {Error} */ error) => this.#fail(`its sending thread broke: ${error.message}`))
  }

  /** @param {number[]} firstMs */
  #begin(firstMs) {
    for (const [index, stream] of this.#opened.entries()) stream.begin(firstMs[index] ?? 0)
  }

  #expire() {
    for (const stream of this.#opened) stream.expire()
  }

  /** @param {string} reason */
  #fail(reason) {
    for (const { name } of this.#opened) emit({ type: 'stream-failed', stream: name, reason })
  }
}

/**
 * Null, and a fact, where there is no way to the reflector at all.
 * @param {AgentStream} stream
 */
async function openStream(stream) {
  const type = isIPv6(stream.address) ? 'udp6' : 'udp4'
  const socket = createSocket(type)
  socket.on('error', () => {}) // What the network says about earlier probes; each has its own end.
  try {
    await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.connect(stream.port ?? 7, stream.address, () => resolve(undefined))
    })
    const fd = fdOfPort(type, socket.address().port)
    if (fd !== null) return new UdpStream(stream, socket, fd)
    throw new Error('its socket is not in /proc')
  } catch (error) {
    socket.close()
    const reason = error instanceof Error ? error.message : String(error)
    emit({ type: 'stream-failed', stream: stream.name, reason })
    return null
  }
}

/** One stream: its socket, and what has been sent and answered on it. */
class UdpStream {
  #stream
  #socket
  #key = randomBytes(keyBytes)
  #memory
  /** @type {UdpAnswers | null} */
  #answers = null
  #fd

  /**
   * @param {AgentStream} stream
   * @param {Socket} socket
   * @param {number} fd
   */
  constructor(stream, socket, fd) {
    this.#stream = stream
    this.#socket = socket
    this.#fd = fd
    this.#memory = UdpRing.allocate(Math.ceil((stream.timeoutMs + memoryMs) / stream.everyMs) + 2)
    socket.on('message', (answer) => this.#read(answer, nowMs()))
  }

  get name() {
    return this.#stream.name
  }

  get isSettled() {
    return this.#answers?.isSettled ?? true
  }

  /** What the sending thread needs. */
  get sending() {
    return { fd: this.#fd, key: this.#key, everyMs: this.#stream.everyMs, payloadBytes, ring: this.#memory }
  }

  /** @param {number} firstMs */
  begin(firstMs) {
    const { name, everyMs, timeoutMs } = this.#stream
    const settings = { key: this.#key.toString('hex'), payload: `${payloadBytes} bytes` }
    emit({ type: 'stream-opened', stream: name, settings })
    this.#answers = new UdpAnswers(new UdpRing(this.#memory), { firstMs, everyMs, timeoutMs })
  }

  expire() {
    for (const fact of this.#answers?.expire(nowMs()) ?? []) this.#tell(fact)
  }

  close() {
    this.#socket.close()
  }

  /**
   * @param {Buffer} answer
   * @param {number} receivedMs
   */
  #read(answer, receivedMs) {
    const isOurs = answer.length === payloadBytes + numberBytes && answer.subarray(0, keyBytes).equals(this.#key)
    if (!isOurs) return emit({ type: 'stale-answer', stream: this.#stream.name, receivedMs: toMicrosecond(receivedMs) })
    const seq = Number(answer.readBigUInt64BE(keyBytes))
    const fact = this.#answers?.answer(seq, Number(answer.readBigUInt64BE(payloadBytes)), receivedMs)
    if (fact !== undefined) this.#tell(fact)
  }

  /** @param {import('./udp-answers.mjs').ProbeFact} fact */
  #tell(fact) {
    emit({ ...fact, stream: this.#stream.name, ...('dueMs' in fact ? { dueMs: toMicrosecond(fact.dueMs) } : {}) })
  }
}
