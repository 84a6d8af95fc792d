import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { forkChild } from './children.mjs'
import { emit, emitNow } from './output.mjs'
import { fdOfPort } from './socket-fd.mjs'
import { payloadBytes } from './udp-payload.mjs'

/** @import { ChildProcess } from 'node:child_process' */
/** @import { Socket } from 'node:dgram' */
/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream } from './transport.ts' */

const keyBytes = 16
/** More than a link without an address of its gateway holds back (212,992 bytes, net.ipv4.neigh): sending never waits for it. */
const sendBufferBytes = 1024 * 1024

/**
 * A UDP stream: the agent opens its socket, a process of its own sends and receives on it.
 * @implements {RunningStream}
 */
export class UdpStream {
  #stream
  #key = randomBytes(keyBytes).toString('hex')
  /** @type {ChildProcess | null} */
  #child = null
  #isOver = false
  /** @type {() => void} */
  #onSettled = () => {}

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
  }

  start() {
    void this.#start()
  }

  /** Sends nothing more; resolves when each probe so far has its answer, or has had its time. */
  async stop() {
    await new Promise((resolve) => {
      this.#onSettled = () => resolve(undefined)
      if (this.#child === null || this.#isOver) return resolve(undefined)
      this.#child.send({ stop: true }, () => {}) // Where that fails, it has ended.
    })
    this.#isOver = true
    this.#child?.kill('SIGKILL')
  }

  async #start() {
    const { name, everyMs, timeoutMs } = this.#stream
    try {
      const { socket, fd } = await this.#open()
      const config = JSON.stringify({ name, everyMs, timeoutMs, key: this.#key })
      this.#child = forkChild(new URL('./udp-process.mjs', import.meta.url), config, fd, {
        onMessage: (line) => this.#hear(line),
        onEnd: (reason) => this.#end(reason),
      })
      socket.close()
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Rejects where there is no way to the reflector at all.
   * @returns {Promise<{ socket: Socket, fd: number }>}
   */
  async #open() {
    const { address, port } = this.#stream
    const type = isIPv6(address) ? 'udp6' : 'udp4'
    const socket = createSocket(type)
    socket.on('error', () => {}) // It is closed as soon as the process has it.
    try {
      await new Promise((resolve, reject) => {
        socket.once('error', reject)
        socket.connect(port ?? 7, address, () => resolve(undefined))
      })
      socket.setSendBufferSize(sendBufferBytes)
      const fd = fdOfPort(type, socket.address().port)
      if (fd !== null) return { socket, fd }
      throw new Error('its socket is not in /proc')
    } catch (error) {
      socket.close()
      throw error
    }
  }

  /** @param {object} line */
  #hear(line) {
    if ('type' in line && line.type === 'settled') return this.#onSettled()
    const settings = { key: this.#key, payload: `${payloadBytes} bytes` }
    emitNow('settings' in line ? { ...line, settings } : line)
  }

  /** @param {string} reason */
  #end(reason) {
    if (!this.#isOver) emit({ type: 'stream-failed', stream: this.#stream.name, reason })
    this.#isOver = true
    this.#onSettled()
  }
}
