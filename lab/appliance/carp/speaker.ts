import { randomBytes } from 'node:crypto'
import { newCarpNode, nextDeadlineMs, stepCarp } from './machine.ts'
import type { CarpEffect, CarpEvent, CarpNode } from './node.ts'
import { type CarpKey, decodeAdvertisement, encodeAdvertisement, isAuthentic } from './packet.ts'
import type { CapturedPacket } from './capture.ts'
import type { CarpState } from './vhid.ts'

/** One VHID on one NIC with everything it is signed and announced with; addresses carry their prefix length. */
export type VhidConfig = {
  device: string
  vhid: number
  advbase: number
  advskew: number
  password: string
  addresses: string[]
}

/** Where the speaker's decisions go. Calls for one VHID must take effect in the order they are made. */
export type SpeakerOutput = {
  log: (line: string) => void
  /** Called before `advertise` on becoming MASTER: the virtual addresses answer from now on. */
  raise: (config: VhidConfig) => void
  lower: (config: VhidConfig) => void
  advertise: (config: VhidConfig, packet: Buffer) => void
  notify: (subsystem: string, state: CarpState) => void
}

/** FreeBSD's `netstat -s -p carp`, by its own words. */
export type CarpCounters = { received: number; sent: number; discarded: Record<string, number> }

const ttlOfCarp = 255

/** The CARP of one node: the pure machine with its clock, keys and counters. */
export class Speaker {
  node: CarpNode = newCarpNode()
  readonly counters: CarpCounters = { received: 0, sent: 0, discarded: {} }
  /** `net.inet.carp.log`. */
  logLevel = 1
  readonly #configs = new Map<string, VhidConfig>()
  readonly #lastCounter = new Map<string, bigint>()
  readonly #output: SpeakerOutput
  readonly #nowMs: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(output: SpeakerOutput, nowMs: () => number) {
    this.#output = output
    this.#nowMs = nowMs
  }

  /** Adds a VHID; it leaves INIT at once if its link is up. */
  attach(config: VhidConfig, linkUp: boolean): void {
    this.#configs.set(nameOf(config), config)
    const { device, vhid, advbase, advskew } = config
    this.apply({ kind: 'attach', device, vhid, advbase, advskew, linkUp })
  }

  /** Lets something happen to the node now. */
  apply(event: CarpEvent): void {
    const { node, effects } = stepCarp(this.node, event, this.#nowMs())
    this.node = node
    for (const effect of effects) this.#perform(effect)
    this.#arm()
  }

  /** Takes a protocol-112 packet that came in on a NIC: TTL, checksum, version, VHID and HMAC are checked here. */
  hear(device: string, { ttl, payload }: CapturedPacket): void {
    this.counters.received += 1
    if (!this.node.allow) return
    const heard = decodeAdvertisement(payload)
    if (typeof heard === 'string') return this.#discard(heard)
    const config = this.#configs.get(nameOf({ device, vhid: heard.vhid }))
    if (config === undefined) return this.#discard('bad vhid')
    if (ttl !== ttlOfCarp) return this.#discard('wrong TTL')
    if (!isAuthentic(payload, keyOf(config))) return this.#discardForged(config)
    this.#lastCounter.set(nameOf(config), heard.counter)
    const { vhid, advbase, advskew } = heard
    this.apply({ kind: 'received', device, vhid, advbase, advskew })
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
    if (effect.state === 'MASTER') this.#output.raise(config)
    else this.#output.lower(config)
    this.#output.notify(nameOf(config), effect.state)
  }

  #advertise(config: VhidConfig, advskew: number): void {
    const name = nameOf(config)
    const last = this.#lastCounter.get(name) ?? randomBytes(8).readBigUInt64BE()
    const counter = BigInt.asUintN(64, last + 1n)
    this.#lastCounter.set(name, counter)
    const { vhid, advbase } = config
    this.counters.sent += 1
    this.#output.advertise(config, encodeAdvertisement({ vhid, advbase, advskew, counter }, keyOf(config)))
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

/** devd's name of a VHID, like `1@vtnet1`. */
export function nameOf({ vhid, device }: { vhid: number; device: string }): string {
  return `${vhid}@${device}`
}

function keyOf({ vhid, password, addresses }: VhidConfig): CarpKey {
  return { vhid, password, addresses: addresses.map((address) => address.split('/')[0] ?? address) }
}
