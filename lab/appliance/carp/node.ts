import type { CarpState, Family, Vhid } from './vhid.ts'

/** The whole CARP side of one node: FreeBSD's globals and one record per VHID, in order of attachment. */
export type CarpNode = {
  allow: boolean
  preempt: boolean
  /** The sum behind `net.inet.carp.demotion`; may be negative. */
  demotion: number
  ifdownFactor: number
  senderrFactor: number
  vhids: readonly Vhid[]
}

/** A VHID by number and NIC. */
type Named = { device: string; vhid: number }

/** What happens to a node. Times are milliseconds of the caller's monotonic clock. */
export type CarpEvent =
  | (Named & { kind: 'attach'; advbase: number; advskew: number; linkUp: boolean; families?: readonly Family[] })
  /** Its last address is taken away. */
  | (Named & { kind: 'detach' })
  /** Another skew from the next advertisement on. */
  | (Named & { kind: 'skew'; advskew: number })
  | { kind: 'link'; device: string; up: boolean }
  | (Named & { kind: 'received'; advbase: number; advskew: number; family?: Family })
  /** What became of an advertisement; `error` is FreeBSD's number. */
  | (Named & { kind: 'sent'; error?: number })
  | { kind: 'timer' }
  | { kind: 'demote'; by: number; reason: string }
  | { kind: 'allow'; allow: boolean }
  | { kind: 'preempt'; preempt: boolean }
  | (Named & { kind: 'request'; state: CarpState })

/** What the node wants done, in this order. `became` is devd's notification; `announce` is gratuitous ARP and neighbour advertisement. */
export type CarpEffect =
  | { kind: 'log'; line: string }
  | (Named & { kind: 'became'; state: CarpState })
  | (Named & { kind: 'advertise'; advbase: number; advskew: number })
  | (Named & { kind: 'announce' })

/** A step's outcome. */
export type CarpStep = { node: CarpNode; effects: CarpEffect[] }
