import type { CarpEffect, CarpNode, CarpStep } from './node.ts'
import { type CarpState, demotedSkew, type Family, intervalMs, masterDownMs, type Timers, type Vhid } from './vhid.ts'

/** A node in the middle of one event: changes are collected, the caller's node is left alone. */
export class Step {
  readonly nowMs: number
  readonly vhids: Vhid[]
  readonly ifdownFactor: number
  readonly senderrFactor: number
  allow: boolean
  preempt: boolean
  demotion: number
  #effects: CarpEffect[] = []
  #sendAll = false

  constructor(node: CarpNode, nowMs: number) {
    this.nowMs = nowMs
    this.vhids = [...node.vhids]
    this.ifdownFactor = node.ifdownFactor
    this.senderrFactor = node.senderrFactor
    this.allow = node.allow
    this.preempt = node.preempt
    this.demotion = node.demotion
  }

  at(at: number): Vhid {
    const vhid = this.vhids[at]
    if (vhid === undefined) throw new RangeError(`no VHID at ${at}`)
    return vhid
  }

  /** Where a VHID is, or undefined. */
  find(wanted: { vhid: number; device: string }): number | undefined {
    const at = this.vhids.findIndex(({ vhid, device }) => vhid === wanted.vhid && device === wanted.device)
    return at === -1 ? undefined : at
  }

  update(at: number, change: Partial<Vhid>): void {
    this.vhids[at] = { ...this.at(at), ...change }
  }

  each(matches: (vhid: Vhid) => boolean, act: (at: number) => void): void {
    for (const [at, vhid] of this.vhids.entries()) if (matches(vhid)) act(at)
  }

  become(at: number, state: CarpState, reason: string): void {
    const { vhid, device, state: before, advbase, advskew } = this.at(at)
    if (before === state) return
    this.#log(`${vhid}@${device}: ${before} -> ${state} (${reason})`)
    this.update(at, { state, timers: {} })
    this.#effects.push({ kind: 'became', device, vhid, state })
    if (state === 'BACKUP') this.awaitMaster(at)
    if (state !== 'MASTER') return
    this.advertise(at)
    this.#effects.push({ kind: 'announce', device, vhid })
    // carp_setrun() re-arms the first interval without the demotion; later ones count it.
    this.update(at, { timers: { advertise: this.nowMs + intervalMs(advbase, advskew) } })
  }

  /** Waits for the master anew: for the family that was heard, or for all. */
  awaitMaster(at: number, heard?: Family): void {
    const vhid = this.at(at)
    const dueMs = this.nowMs + masterDownMs(vhid)
    const families = heard === undefined ? vhid.families : [heard]
    const renewed: Timers = Object.fromEntries(families.map((family) => [family, dueMs]))
    this.update(at, { timers: { ...vhid.timers, ...renewed } })
  }

  advertise(at: number): void {
    const { vhid, device, advbase, ...rest } = this.at(at)
    const advskew = demotedSkew(rest, this.demotion)
    this.#effects.push({ kind: 'advertise', device, vhid, advbase, advskew })
  }

  demote(by: number, reason: string): void {
    this.demotion += by
    this.#log(`demoted by ${by} to ${this.demotion} (${reason})`)
    this.#sendAll = true
  }

  finish(): CarpStep {
    if (this.#sendAll) this.#advertiseAll()
    const { allow, preempt, demotion, ifdownFactor, senderrFactor, vhids } = this
    return { node: { allow, preempt, demotion, ifdownFactor, senderrFactor, vhids }, effects: this.#effects }
  }

  #advertiseAll(): void {
    this.each(
      ({ state }) => state === 'MASTER',
      (at) => {
        this.advertise(at)
        const vhid = this.at(at)
        const interval = intervalMs(vhid.advbase, demotedSkew(vhid, this.demotion))
        this.update(at, { timers: { advertise: this.nowMs + interval } })
      },
    )
  }

  #log(text: string): void {
    this.#effects.push({ kind: 'log', line: `carp: ${text}` })
  }
}
