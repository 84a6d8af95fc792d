import type { DefaultGateways, GatewayConfig, GatewayGroup } from './net/gateway.ts'
import type { FilterRule, ForwardRule, OutboundNat } from './pf/rule.ts'
import type { DhcpServer, OpenvpnClient, SyslogDestination } from './services/service-config.ts'

/** Which product the firewall is. */
export type Flavour = 'opnsense' | 'pfsense'

/** What the firewall is: its configuration, and what its template made it. */
export type ApplianceConfig = SystemConfig & {
  flavour: Flavour
  /** Release profile, `25.7` for image `opnsense-25.7`. */
  release: string
  /** Named faults the firewall is born with. */
  defects: Defect[]
}

/** What /conf/config.xml says. */
export type SystemConfig = {
  hostName: string
  domain: string
  /** Eight hex digits; pf's host id and the creator id of the states this node makes. */
  hostId: string
  /** In device order: the first is vtnet0. */
  interfaces: InterfaceConfig[]
  vips: VipConfig[]
  /** OPNsense's `disablepreempt` negated. */
  preempt: boolean
  pfsync?: PfsyncConfig
  /** The 10-wan hook: WAN is enabled on MASTER and disabled on BACKUP. */
  wanHook: boolean
  gateways: GatewayConfig[]
  gatewayGroups: GatewayGroup[]
  defaultGateways: DefaultGateways
  /** In the order in which they count: the first that fits decides. Absent where the file has no rules at all. */
  filter?: FilterRule[]
  /** pfSense: a rule whose gateway is down is left out; else it is made without the gateway. */
  skipRulesWithoutGateway: boolean
  outbound: OutboundNat
  forwards: ForwardRule[]
  dhcpServers: DhcpServer[]
  /** Names are answered on the inside; `forwarders` are asked. */
  dns: { enabled: boolean; forwarders: string[] }
  syslog: SyslogDestination[]
  openvpnClients: OpenvpnClient[]
  /** By name, as sysctl takes them. */
  tunables: Record<string, string>
  webgui: { protocol: 'http' | 'https'; port: number }
  /** Whether the SSH server listens on the interfaces. */
  sshServer: boolean
  /** The lines of the administrator's authorized_keys. */
  authorizedKeys: string[]
}

/** One NIC: `key` is the products' identifier (wan, lan, opt1), `device` the guest's name (vtnet0). */
export type InterfaceConfig = {
  key: string
  description: string
  device: string
  /** Address with prefix length, or `dhcp`. */
  address: string
  /** IPv6 address with prefix length. */
  address6?: string
  /** More addresses of this node's own (IP aliases that belong to no VHID), of both families. */
  aliases?: string[]
  /** Names of its gateways: with one it is a way out. */
  gateway?: string
  gateway6?: string
}

/**
 * One CARP address; `device` is where it lives, `password` is in clear. An `ipalias` has the VHID of a CARP address on
 * the same device and moves with it; its own timers and password count for nothing.
 */
export type VipConfig = {
  mode?: 'carp' | 'ipalias'
  device: string
  vhid: number
  /** IPv4 or IPv6, with prefix length. */
  address: string
  advbase: number
  advskew: number
  password: string
  description: string
  /** Unicast instead of multicast: the other node's IPv4 address. */
  peer?: string
  /** And its IPv6 address. */
  peer6?: string
}

/** State sync by pfsync: the NIC it travels on, the peer's address there, and the version on the wire (1400). */
export type PfsyncConfig = { device: string; peer: string; version?: 1301 | 1400 | 1500; defer?: boolean }

export const defects = [
  'state-sync-off',
  'garp-suppressed',
  'preempt-off',
  'carp-wrong-password',
  'nat-own-address',
  'own-multicast-dropped',
  'stuck-demotion',
  'lost-maintenance-flag',
  'silent-peer-bulk',
  'pfsync-version-mismatch',
  'wan-dhcp-delay',
  'state-sync-one-way',
  'vip-list-differs',
  'equal-skew',
  'wan-hook-missing',
  'api-key-revoked',
  'dead-gateway-rules-kept',
] as const

/** A named way of being born broken. */
export type Defect = (typeof defects)[number]

/** Which of these names are defects, and one line for each that is none. */
export function readDefects(text: string): { defects: Defect[]; complaints: string[] } {
  const names = parseList(text)
  if (names === undefined) return { defects: [], complaints: [`expected a list of defects, got ${text.slice(0, 60)}`] }
  const unknown = names.filter((name) => !defects.some((defect) => defect === name))
  return {
    defects: defects.filter((defect) => names.includes(defect)),
    complaints: unknown.map((name) => `expected a defect of ${defects.join(', ')}, got ${String(name)}`),
  }
}

function parseList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
