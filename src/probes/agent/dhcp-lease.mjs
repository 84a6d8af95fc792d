import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { nowMs } from './clock.mjs'
import { DhcpExchange } from './dhcp-exchange.mjs'
import { nicTowards } from './dhcp-nic.mjs'
import { emit } from './output.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Asker, Outcome } from './transport.ts' */
/** @import { Reply } from './dhcp-message.mjs' */
/** @typedef {{ address: string, server: string }} Lease */

const runFile = promisify(execFile)
/** RENEWING asks the server that gave the lease, REBINDING then asks everybody; both are over before the next probe. */
const patienceMs = 900
const discoverAgainMs = 3000
const firstLeaseMs = 30_000

/**
 * Holds one lease of a network, as a client of its own beside the machine, and asks for its renewal. The leased address is one more of the
 * machine's NIC, which the kernel takes away when the lease is over, and which no other traffic comes from.
 * @implements {Asker}
 */
export class DhcpLease {
  #stream
  #exchange
  #seconds = 0
  /** @type {{ name: string, address: string }} */
  #nic = { name: '', address: '' }
  /** @type {Lease | null} */
  #lease = null
  /** @type {Promise<void> | null} */
  #obtaining = null
  #isOver = false

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
    this.#exchange = new DhcpExchange(`firedrill-${stream.from}-${stream.name}`)
  }

  get settings() {
    return { renewing: `unicast, after ${patienceMs} ms by broadcast (rebinding)` }
  }

  /** Takes the lease that will be renewed. Throws where nobody gives one. */
  async prepare() {
    this.#nic = nicTowards(this.#stream.address, networkInterfaces())
    this.#obtaining = this.#obtain(nowMs() + firstLeaseMs)
    await this.#obtaining
    this.#obtaining = null
    if (this.#lease === null && !this.#isOver)
      throw new Error(`no DHCP server gave a lease within ${firstLeaseMs / 1000} s`)
  }

  /** @returns {Promise<Outcome>} */
  async ask() {
    const lease = this.#lease
    if (lease === null) return this.#withoutLease()
    try {
      const reply = (await this.#renew(lease, lease.server)) ?? (await this.#renew(lease, undefined))
      return reply === null
        ? { answered: false, cause: 'no server renewed the lease' }
        : await this.#judged(lease, reply)
    } catch (thrown) {
      return {
        answered: false,
        error: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown),
      }
    }
  }

  /** Gives the lease back. */
  async close() {
    this.#isOver = true
    await this.#obtaining?.catch(() => {})
    if (this.#lease !== null) await this.#release(this.#lease).catch(() => {})
    await this.#exchange.close()
  }

  /**
   * @param {Lease} lease
   * @param {string | undefined} server
   */
  async #renew({ address }, server) {
    const to = server === undefined ? {} : { to: server }
    const request = { type: /** @type {const} */ ('request'), xid: freshXid(), own: address, from: address, ...to }
    return await this.#exchange.ask(request, ['ack', 'nak'], patienceMs)
  }

  /**
   * @param {Lease} lease
   * @param {Reply} reply
   * @returns {Promise<Outcome>}
   */
  async #judged(lease, { type, server, address, leaseSeconds }) {
    if (type === 'nak' || address !== lease.address) {
      this.#tell('refused', { address: lease.address, server })
      await this.#drop(lease)
      return { answered: false, cause: `${server} refused to renew the lease` }
    }
    this.#tell(server === lease.server ? 'renewed' : 'rebound', { address, server })
    await this.#keep({ address, server }, leaseSeconds)
    return { answered: true }
  }

  /** @returns {Outcome} */
  #withoutLease() {
    this.#obtaining ??= this.#obtain(Infinity)
      .catch(() => {})
      .finally(() => (this.#obtaining = null))
    return { answered: false, cause: 'the lease was refused, and there is no other yet' }
  }

  /**
   * DISCOVER until somebody offers, then REQUEST.
   * @param {number} untilMs
   */
  async #obtain(untilMs) {
    const [startMs, xid, from] = [nowMs(), freshXid(), this.#nic.address]
    while (this.#lease === null && !this.#isOver && nowMs() < untilMs) {
      const asked = { xid, from, seconds: Math.floor((nowMs() - startMs) / 1000) }
      const offer = await this.#exchange.ask({ ...asked, type: 'discover' }, ['offer'], discoverAgainMs)
      if (offer === null) continue
      const wanted = { requested: offer.address, server: offer.server }
      const ack = await this.#exchange.ask({ ...asked, ...wanted, type: 'request' }, ['ack', 'nak'], discoverAgainMs)
      if (ack?.type !== 'ack') continue
      await this.#keep({ address: ack.address, server: ack.server }, ack.leaseSeconds)
      this.#tell('obtained', { address: ack.address, server: ack.server })
    }
  }

  /**
   * @param {Lease} lease
   * @param {number} seconds
   */
  async #keep(lease, seconds) {
    this.#lease = lease
    this.#seconds = Math.max(seconds, 1)
    const limits = ['valid_lft', String(this.#seconds), 'preferred_lft', '0']
    await runFile('ip', ['address', 'replace', `${lease.address}/32`, 'dev', this.#nic.name, ...limits])
  }

  /** @param {Lease} lease */
  async #drop({ address }) {
    this.#lease = null
    await this.#exchange.forget(address)
    await runFile('ip', ['address', 'delete', `${address}/32`, 'dev', this.#nic.name])
  }

  /** @param {Lease} lease */
  async #release(lease) {
    const { address, server } = lease
    await this.#exchange.tell({ type: 'release', xid: freshXid(), own: address, server, from: address, to: server })
    await this.#drop(lease)
  }

  /**
   * @param {'obtained' | 'renewed' | 'rebound' | 'refused'} state
   * @param {Lease} lease
   */
  #tell(state, { address, server }) {
    emit({ type: 'lease', stream: this.#stream.name, state, machineMs: nowMs(), address, server })
  }
}

const freshXid = () => randomInt(2 ** 32)
