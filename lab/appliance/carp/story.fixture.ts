import { newCarpNode, nextDeadlineMs, stepCarp } from './machine.ts'
import type { CarpEvent, CarpNode } from './node.ts'

/** Virtual time: what happened, as `<ms> <what>`; the machine's timers fire exactly when due. */
export class Story {
  node: CarpNode = { ...newCarpNode(), preempt: true }
  now = 0
  readonly lines: string[] = []

  at(ms: number, event: CarpEvent): this {
    this.until(ms)
    this.#step(event)
    return this
  }

  until(ms: number): this {
    for (let due = nextDeadlineMs(this.node); due !== undefined && due <= ms; due = nextDeadlineMs(this.node)) {
      this.now = due
      this.#step({ kind: 'timer' })
    }
    this.now = ms
    return this
  }

  #step(event: CarpEvent): void {
    const { node, effects } = stepCarp(this.node, event, this.now)
    this.node = node
    for (const effect of effects) {
      const at = Math.round(this.now)
      if (effect.kind === 'log') this.lines.push(`${at} ${effect.line}`)
      if (effect.kind === 'advertise') this.lines.push(`${at} sends ${effect.vhid} skew ${effect.advskew}`)
    }
  }
}

/** A VHID of advbase 1. */
export const attach = (advskew: number, vhid = 1, device = 'vtnet1', linkUp = true): CarpEvent => {
  return { kind: 'attach', device, vhid, advbase: 1, advskew, linkUp }
}
/** An advertisement of somebody else's. */
export const heard = (advskew: number, vhid = 1, device = 'vtnet1', advbase = 1): CarpEvent => {
  return { kind: 'received', device, vhid, advbase, advskew }
}
