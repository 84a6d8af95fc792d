import type { Family } from '../carp/vhid.ts'

/** Where a rule looks for an address: everywhere, at the firewall itself, at an interface (key) or what is behind it, in a network. */
export type Place =
  | { kind: 'any' }
  | { kind: 'self' }
  | { kind: 'interface'; key: string }
  | { kind: 'behind'; key: string }
  /** Address or network, with prefix length. */
  | { kind: 'network'; cidr: string }

/** One side of a rule. `not` turns the place round, not the ports. */
export type RuleEnd = { place: Place; not: boolean; ports?: PortRange }

/** From the first to the last port. */
export type PortRange = { from: number; to: number }

/** A rule of the firewall, in the words of both products. */
export type FilterRule = {
  action: 'pass' | 'block' | 'reject'
  /** Keys; none: on every interface. */
  interfaces: readonly string[]
  families: readonly Family[]
  /** As pf calls it: `tcp`, `tcp/udp`, `icmp`, `carp`; absent: any. */
  protocol?: string
  source: RuleEnd
  destination: RuleEnd
  /** The gateway or group of gateways that what the rule passes has to take. */
  gateway?: string
  log: boolean
  description: string
}

/** Whose address a source gets on its way out of `key`; `none` leaves it as it is. */
export type OutboundRule = {
  key: string
  protocol?: string
  source: RuleEnd
  destination: RuleEnd
  target: { kind: 'interface' } | { kind: 'address'; address: string } | { kind: 'none' }
  description: string
}

/** Outbound NAT. `isAutomatic`: everything inside leaves as the interface's own address, after the rules. */
export type OutboundNat = { isAutomatic: boolean; rules: readonly OutboundRule[] }

/** A port that leads to a machine inside. */
export type ForwardRule = {
  interfaces: readonly string[]
  /** `tcp`, `udp` or `tcp/udp`. */
  protocol: string
  source: RuleEnd
  destination: RuleEnd
  target: string
  /** First port there; a range keeps its length. */
  port: number
  /** Without a filter rule of its own. */
  isPassed: boolean
  description: string
}
