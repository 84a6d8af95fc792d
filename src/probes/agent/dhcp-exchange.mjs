import { createSocket } from 'node:dgram'
import { decodeReply, encodeRequest } from './dhcp-message.mjs'

/** @import { Socket } from 'node:dgram' */
/** @import { Reply, Request } from './dhcp-message.mjs' */

const [clientPort, serverPort] = [68, 67]
const everybody = '255.255.255.255'

/** The messages of one DHCP client by port 68 of a machine: sent from an address of the machine, received by whichever way they come. */
export class DhcpExchange {
  #client
  /** @type {Map<string, Promise<Socket>>} */
  #sockets = new Map()
  /** @type {Map<number, (reply: Reply) => unknown>} */
  #waiting = new Map()

  /** @param {string} client */
  constructor(client) {
    this.#client = client
  }

  /**
   * Sends a request, to everybody where no server is named, and waits for the first answer of the wanted types. Null when the time is up.
   * Throws what the kernel says to the sending.
   * @param {Request & { from: string, to?: string }} request
   * @param {readonly Reply['type'][]} wanted
   * @param {number} patienceMs
   * @returns {Promise<Reply | null>}
   */
  async ask({ from, to = everybody, ...request }, wanted, patienceMs) {
    const { xid } = request
    /** @type {NodeJS.Timeout | undefined} */
    let impatience
    const answer = new Promise((/** @type {(reply: Reply | null) => void} */ resolve) => {
      impatience = setTimeout(resolve, patienceMs, null)
      this.#waiting.set(xid, (reply) => wanted.includes(reply.type) && resolve(reply))
    })
    try {
      await this.#send(request, from, to)
      return await answer
    } finally {
      clearTimeout(impatience)
      this.#waiting.delete(xid)
    }
  }

  /** @param {Request & { from: string, to: string }} request */
  async tell({ from, to, ...request }) {
    await this.#send(request, from, to)
  }

  /**
   * The socket of an address that the machine has no longer is of no use.
   * @param {string} address
   */
  async forget(address) {
    const socket = this.#sockets.get(address)
    this.#sockets.delete(address)
    ;(await socket)?.close()
  }

  async close() {
    await Promise.allSettled([...this.#sockets.keys()].map((address) => this.forget(address)))
  }

  /**
   * @param {Request} request
   * @param {string} from
   * @param {string} to
   */
  async #send(request, from, to) {
    await this.#socketOf('0.0.0.0') // What servers tell everybody.
    const socket = await this.#socketOf(from)
    const message = encodeRequest(this.#client, request)
    await new Promise((resolve, reject) => {
      socket.send(message, serverPort, to, (error) => (error === null ? resolve(null) : reject(error)))
    })
  }

  /** @param {string} address */
  async #socketOf(address) {
    const known = this.#sockets.get(address)
    if (known !== undefined) return await known
    const opening = this.#open(address)
    this.#sockets.set(address, opening)
    opening.catch(() => this.#sockets.delete(address))
    return await opening
  }

  /**
   * @param {string} address
   * @returns {Promise<Socket>}
   */
  async #open(address) {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    await new Promise((resolve, reject) => {
      socket.on('error', reject).on('message', (message) => this.#hear(message))
      socket.bind({ port: clientPort, address }, () => resolve(null))
    })
    socket.setBroadcast(true)
    return socket
  }

  /** @param {Buffer} message */
  #hear(message) {
    const reply = decodeReply(message, this.#client)
    if (reply !== null) this.#waiting.get(reply.xid)?.(reply)
  }
}
