import type { Family } from '../carp/vhid.ts'

/** A way out. `address` is absent where it comes with the interface (DHCP, tunnel). */
export type GatewayConfig = {
  name: string
  /** Of the interface. */
  key: string
  device: string
  family: Family
  address?: string
  /** What is pinged through it; absent: the gateway counts as up. */
  monitor?: string
  timing: MonitorTiming
  /** Marked down by hand. */
  isForcedDown: boolean
}

/** dpinger's parameters: milliseconds, and the loss in percent from which a gateway is down. */
export type MonitorTiming = {
  intervalMs: number
  /** A probe without answer is lost after so long. */
  lossIntervalMs: number
  /** Of what counts for the average. */
  periodMs: number
  alertIntervalMs: number
  lossHigh: number
  latencyHighMs: number
}

/** Gateways that stand in for each other: the first tier with one that is up is used. */
export type GatewayGroup = { name: string; tiers: readonly (readonly string[])[] }

/** Names of gateways in the order in which they become the default route: the first one that is up. */
export type DefaultGateways = Readonly<Record<Family, readonly string[]>>
