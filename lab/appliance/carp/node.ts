import type { CarpState, Vhid } from './vhid.ts'

/** The whole CARP side of one node: FreeBSD's globals and one record per VHID, in order of attachment. */
export type CarpNode = {
  allow: boolean
  preempt: boolean
  /** The sum behind `net.inet.carp.demotion`; may be negative. */
  demotion: number
  ifdownFactor: number
  vhids: readonly Vhid[]
}

/** What happens to a node. Times are milliseconds of the caller's monotonic clock. */
export type CarpEvent =
  | { kind: 'attach'; vhid: number; device: string; advbase: number; advskew: number; linkUp: boolean }
  | { kind: 'link'; device: string; up: boolean }
  | { kind: 'received'; device: string; vhid: number; advbase: number; advskew: number }
  | { kind: 'timer' }
  | { kind: 'demote'; by: number; reason: string }
  | { kind: 'allow'; allow: boolean }
  | { kind: 'preempt'; preempt: boolean }
  | { kind: 'request'; device: string; vhid: number; state: CarpState }

/** What the node wants done, in this order. `became` is devd's notification; `announce` is the gratuitous ARP. */
export type CarpEffect =
  | { kind: 'log'; line: string }
  | { kind: 'became'; device: string; vhid: number; state: CarpState }
  | { kind: 'advertise'; device: string; vhid: number; advbase: number; advskew: number }

/** A step's outcome. */
export type CarpStep = { node: CarpNode; effects: CarpEffect[] }
