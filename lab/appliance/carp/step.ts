import type { CarpEffect, CarpNode, CarpStep } from './node.ts'
import { type CarpState, demotedSkew, intervalMs, masterDownMs, type Vhid } from './vhid.ts'

/** A node in the middle of one event: changes are collected, the caller's node is left alone. */
export class Step {
  readonly nowMs: number
  readonly vhids: Vhid[]
  readonly ifdownFactor: number
  allow: boolean
  preempt: boolean
  demotion: number
  #effects: CarpEffect[] = []
  #sendAll = false

  constructor(node: CarpNode, nowMs: number) {
    this.nowMs = nowMs
    this.vhids = [...node.vhids]
    this.ifdownFactor = node.ifdownFactor
    this.allow = node.allow
    this.preempt = node.preempt
    this.demotion = node.demotion
  }

  at(at: number): Vhid {
    const vhid = this.vhids[at]
    if (vhid === undefined) throw new RangeError(`no VHID at ${at}`)
    return vhid
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
    this.update(at, { state })
    this.#effects.push({ kind: 'became', device, vhid, state })
    if (state === 'INIT') this.update(at, { dueMs: undefined })
    if (state === 'BACKUP') this.update(at, { dueMs: this.nowMs + masterDownMs(this.at(at)) })
    if (state !== 'MASTER') return
    this.advertise(at)
    // carp_setrun() re-arms the first interval without the demotion; later ones count it.
    this.update(at, { dueMs: this.nowMs + intervalMs(advbase, advskew) })
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
    const { allow, preempt, demotion, ifdownFactor, vhids } = this
    return { node: { allow, preempt, demotion, ifdownFactor, vhids }, effects: this.#effects }
  }

  #advertiseAll(): void {
    this.each(
      ({ state }) => state === 'MASTER',
      (at) => {
        this.advertise(at)
        const vhid = this.at(at)
        this.update(at, { dueMs: this.nowMs + intervalMs(vhid.advbase, demotedSkew(vhid, this.demotion)) })
      },
    )
  }

  #log(text: string): void {
    this.#effects.push({ kind: 'log', line: `carp: ${text}` })
  }
}
