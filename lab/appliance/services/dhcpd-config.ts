import type { ApplianceConfig } from '../config.ts'
import { bare } from '../net/address.ts'
import { maskOf, networkOf } from '../net/network.ts'
import type { DhcpServer } from './service-config.ts'

type Config = Pick<ApplianceConfig, 'interfaces' | 'vips' | 'domain' | 'dhcpServers'>

const [primaryPort, secondaryPort] = [519, 520]

/** The configuration that pfSense writes for ISC's DHCP server, its failover with the other node included. */
export function renderDhcpd(config: Config): string {
  const peers = config.dhcpServers.flatMap((server) => renderPeer(config, server))
  return `option domain-name "${config.domain}";
option ldap-server code 95 = text;
default-lease-time 7200;
max-lease-time 86400;
log-facility local7;
one-lease-per-client true;
deny duplicates;
update-conflict-detection false;
authoritative;
${peers.join('')}${config.dhcpServers.map(renderSubnet).join('')}`
}

// As pfSense tells the primary: by the skew of the CARP address on the interface.
function renderPeer({ interfaces, vips }: Config, { key, device, peer }: DhcpServer): string[] {
  const own = interfaces.find((each) => each.key === key)
  if (peer === undefined || own === undefined) return []
  const isPrimary = (vips.find((vip) => vip.device === device)?.advskew ?? 0) < 20
  const [port, peerPort] = isPrimary ? [primaryPort, secondaryPort] : [secondaryPort, primaryPort]
  return [
    `failover peer "dhcp_${key}" {
  ${isPrimary ? 'primary' : 'secondary'};
  address ${bare(own.address)};
  port ${port};
  peer address ${peer};
  peer port ${peerPort};
  max-response-delay 10;
  max-unacked-updates 10;
${isPrimary ? '  split 128;\n  mclt 600;\n' : ''}  load balance max seconds 3;
}
`,
  ]
}

function renderSubnet({ key, subnet, range, router, nameServers, peer }: DhcpServer): string {
  const failover = peer === undefined ? '' : `    deny dynamic bootp clients;\n    failover peer "dhcp_${key}";\n`
  const names = nameServers.length === 0 ? '' : `  option domain-name-servers ${nameServers.join(', ')};\n`
  return `subnet ${bare(networkOf(subnet))} netmask ${maskOf(subnet)} {
  pool {
${failover}    range ${range.from} ${range.to};
  }
${router === undefined ? '' : `  option routers ${router};\n`}${names}}
`
}
