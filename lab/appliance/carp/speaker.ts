import { randomBytes } from 'node:crypto'
import { newCarpNode, nextDeadlineMs, stepCarp } from './machine.ts'
import type { CarpEffect, CarpEvent, CarpNode } from './node.ts'
import { decodeAdvertisement, encodeAdvertisement, isAuthentic } from './packet.ts'
import type { CapturedPacket } from './capture.ts'
import type { CarpState, Family } from './vhid.ts'
import { familiesOf, keyOf, nameOf, type VhidConfig } from './vhid-config.ts'

/** Where the speaker's decisions go. Calls for one VHID must take effect in the order they are made. */
export type SpeakerOutput = {
  log: (line: string) => void
  /** Called before `advertise` on becoming MASTER: the virtual addresses answer from now on. */
  raise: (config: VhidConfig) => void
  lower: (config: VhidConfig) => void
  advertise: (config: VhidConfig, family: Family, packet: Buffer) => void
  /** Gratuitous ARP and neighbour advertisements, after a new master's first advertisement. */
  announce: (config: VhidConfig) => void
  notify: (subsystem: string, state: CarpState) => void
}

/** FreeBSD's `netstat -s -p carp`, by its own words. */
export type CarpCounters = {
  received: Record<Family, number>
  sent: Record<Family, number>
  discarded: Record<string, number>
}

const ttlOfCarp = 255

/** The CARP of one node: the pure machine with its clock, keys and counters. */
export class Speaker {
  node: CarpNode = newCarpNode()
  readonly counters: CarpCounters = { received: { inet: 0, inet6: 0 }, sent: { inet: 0, inet6: 0 }, discarded: {} }
  /** `net.inet.carp.log`. */
  logLevel = 1
  readonly #configs = new Map<string, VhidConfig>()
  readonly #lastCounter = new Map<string, bigint>()
  readonly #failed = new Set<string>()
  readonly #output: SpeakerOutput
  readonly #nowMs: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(output: SpeakerOutput, nowMs: () => number) {
    this.#output = output
    this.#nowMs = nowMs
  }

  /** Adds a VHID; it leaves INIT at once if its link is up. */
  attach(config: VhidConfig, linkUp: boolean): void {
    if (this.#configs.has(nameOf(config))) return
    this.#configs.set(nameOf(config), config)
    const { device, vhid, advbase, advskew } = config
    this.apply({ kind: 'attach', device, vhid, advbase, advskew, linkUp, families: familiesOf(config) })
  }

  /** Takes the addresses of a VHID away, and with them the VHID. */
  detach(config: VhidConfig): void {
    const { device, vhid } = config
    this.apply({ kind: 'detach', device, vhid })
    if (this.#configs.delete(nameOf(config))) this.#output.lower(config)
  }

  /** What an attached VHID is signed and announced with. */
  configOf(vhid: { vhid: number; device: string }): VhidConfig | undefined {
    return this.#configs.get(nameOf(vhid))
  }

  /** Lets something happen to the node now. */
  apply(event: CarpEvent): void {
    const { node, effects } = stepCarp(this.node, event, this.#nowMs())
    this.node = node
    for (const effect of effects) this.#perform(effect)
    this.#arm()
  }

  /** Takes a protocol-112 packet that came in on a NIC: TTL, checksum, version, VHID and HMAC are checked here. */
  hear(device: string, { family, ttl, payload }: CapturedPacket): void {
    this.counters.received[family] += 1
    if (!this.node.allow) return
    const heard = decodeAdvertisement(payload)
    if (typeof heard === 'string') return this.#discard(heard)
    const config = this.#configs.get(nameOf({ device, vhid: heard.vhid }))
    if (config === undefined) return this.#discard('bad vhid')
    if (ttl !== ttlOfCarp && config.peers?.[family] === undefined) return this.#discard('wrong TTL')
    if (!isAuthentic(payload, keyOf(config))) return this.#discardForged(config)
    this.#lastCounter.set(nameOf(config), heard.counter)
    const { vhid, advbase, advskew } = heard
    this.apply({ kind: 'received', device, vhid, advbase, advskew, family })
  }

  /** Tells that an advertisement did not leave, before the next one is due. */
  failed(config: VhidConfig, error: number): void {
    const { device, vhid } = config
    this.#failed.add(nameOf(config))
    this.apply({ kind: 'sent', device, vhid, error })
  }

  /** Stops the clock. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  #perform(effect: CarpEffect): void {
    if (effect.kind === 'log') {
      if (this.logLevel > 0) this.#output.log(effect.line)
      return
    }
    const config = this.#configs.get(nameOf(effect))
    if (config === undefined) return
    if (effect.kind === 'advertise') return this.#advertise(config, effect.advskew)
    if (effect.kind === 'announce') return this.#output.announce(config)
    if (effect.state === 'MASTER') this.#output.raise(config)
    else this.#output.lower(config)
    this.#output.notify(nameOf(config), effect.state)
  }

  // An advertisement of which nothing bad was heard until the next one has left.
  #advertise(config: VhidConfig, advskew: number): void {
    const { device, vhid, advbase } = config
    if (!this.#failed.delete(nameOf(config))) this.apply({ kind: 'sent', device, vhid })
    for (const family of familiesOf(config)) {
      const fields = { vhid, advbase, advskew, counter: this.#nextCounter(config) }
      this.counters.sent[family] += 1
      this.#output.advertise(config, family, encodeAdvertisement(fields, keyOf(config)))
    }
  }

  #nextCounter(config: VhidConfig): bigint {
    const last = this.#lastCounter.get(nameOf(config)) ?? randomBytes(8).readBigUInt64BE()
    const counter = BigInt.asUintN(64, last + 1n)
    this.#lastCounter.set(nameOf(config), counter)
    return counter
  }

  #discardForged({ vhid, device }: VhidConfig): void {
    if (this.logLevel > 1) this.#output.log(`carp_input_c: incorrect hash for VHID ${vhid}@${device}`)
    this.#discard('bad authentication')
  }

  #discard(reason: string): void {
    this.counters.discarded[reason] = (this.counters.discarded[reason] ?? 0) + 1
  }

  // Packets that wait in the process's queue are heard before a deadline is judged: setImmediate lets them in first.
  #arm(): void {
    clearTimeout(this.#timer)
    const deadline = nextDeadlineMs(this.node)
    if (deadline === undefined) return
    const waitMs = Math.max(0, Math.ceil(deadline - this.#nowMs()))
    this.#timer = setTimeout(() => setImmediate(() => this.apply({ kind: 'timer' })), waitMs)
  }
}
