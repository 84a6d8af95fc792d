/** What a firewall machine is, as written to /conf/appliance.json by the image and read by the appliance. */
export type ApplianceConfig = {
  hostName: string
  /** Eight hex digits; pf's host id and the creator id of the states this node makes. */
  hostId: string
  /** Release profile, `25.7` for image `opnsense-25.7`. */
  release: string
  /** In device order: the first is vtnet0. */
  interfaces: InterfaceConfig[]
  vips: VipConfig[]
  /** OPNsense's `disablepreempt` negated. */
  preempt: boolean
  pfsync?: PfsyncConfig
  /** The 10-wan hook: WAN is enabled on MASTER and disabled on BACKUP. */
  wanHook: boolean
  /** Named faults the firewall is born with. */
  defects: Defect[]
}

/** One NIC: `key` is OPNsense's identifier (wan, lan, opt1), `device` the guest's name (vtnet0). */
export type InterfaceConfig = {
  key: string
  description: string
  device: string
  /** Address with prefix length, or `dhcp`. */
  address: string
  /** With `dhcp` and defect `nat-own-address`: an address of this node's own, with prefix length. */
  ownAddress?: string
}

/** One CARP address; `device` is where it lives, `password` is in clear. */
export type VipConfig = {
  device: string
  vhid: number
  address: string
  advbase: number
  advskew: number
  password: string
  description: string
}

/** State sync by pfsync: the NIC it travels on and the peer's address there. */
type PfsyncConfig = { device: string; peer: string }

export const defects = [
  'state-sync-off',
  'garp-suppressed',
  'preempt-off',
  'carp-wrong-password',
  'nat-own-address',
] as const

/** A named way of being born broken. */
export type Defect = (typeof defects)[number]

/** Reads the image's JSON. The image and the appliance share one type, so only the outline is checked. */
export function readConfig(text: string): ApplianceConfig {
  const value: unknown = JSON.parse(text)
  if (!isConfig(value)) throw new Error('/conf/appliance.json: expected hostName, interfaces, vips and defects')
  return value
}

function isConfig(value: unknown): value is ApplianceConfig {
  if (typeof value !== 'object' || value === null) return false
  return ['hostName', 'hostId', 'interfaces', 'vips', 'defects'].every((name) => name in value)
}
