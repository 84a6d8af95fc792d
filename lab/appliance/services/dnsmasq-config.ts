import type { ApplianceConfig } from '../config.ts'
import { maskOf } from '../net/network.ts'
import { devicesOf, isOutside, keysOf } from '../pf/places.ts'

/** Where dnsmasq keeps its leases. */
export const leaseFile = '/var/db/dnsmasq.leases'

type Config = Pick<
  ApplianceConfig,
  'flavour' | 'domain' | 'interfaces' | 'vips' | 'openvpnClients' | 'dhcpServers' | 'dns'
>

/**
 * dnsmasq for the inside: DHCP ranges and options, and names at the node's own and the shared addresses. Undefined where it
 * has nothing to do; pfSense leases with another server.
 */
export function renderDnsmasq(config: Config): string | undefined {
  const { dns, domain } = config
  const servers = config.flavour === 'opnsense' ? config.dhcpServers : []
  if (servers.length === 0 && !dns.enabled) return undefined
  const keys = keysOf(config).filter((key) => !isOutside(config, key))
  const devices = keys.flatMap((key) => devicesOf(config, key))
  const serving = new Set(servers.map(({ device }) => device))
  const lines = [
    'keep-in-foreground',
    'user=root',
    'no-resolv',
    'no-hosts',
    ...devices.map((device) => `interface=${device}`),
    'except-interface=lo',
    ...devices.filter((device) => !serving.has(device)).map((device) => `no-dhcp-interface=${device}`),
    ...(dns.enabled ? [`domain=${domain}`, ...dns.forwarders.map((each) => `server=${each}`)] : ['port=0']),
    ...(servers.length === 0 ? [] : [`dhcp-leasefile=${leaseFile}`, 'log-dhcp']),
    ...servers.flatMap(renderServer),
  ]
  return `${lines.join('\n')}\n`
}

function renderServer({
  key,
  subnet,
  range,
  router,
  nameServers,
  replyDelaySeconds,
}: Config['dhcpServers'][number]): string[] {
  return [
    `dhcp-range=set:${key},${range.from},${range.to},${maskOf(subnet)},1h`,
    ...(router === undefined ? [] : [`dhcp-option=tag:${key},3,${router}`]),
    ...(nameServers.length === 0 ? [] : [`dhcp-option=tag:${key},6,${nameServers.join(',')}`]),
    ...(replyDelaySeconds > 0 ? [`dhcp-reply-delay=tag:${key},${replyDelaySeconds}`] : []),
  ]
}
