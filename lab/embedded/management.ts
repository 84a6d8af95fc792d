/**
 * The plain bridge that every node has: its own addresses there, and those that its DHCP server leases. The server names the first node as
 * router, as such networks do; it forwards nothing, so a machine that takes its default route from there is found out.
 */
export const management = {
  bridge: 'vmbr0',
  prefix: 24,
  /** The address of node `id`. */
  addressOf: (id: number): string => `198.18.66.${id}`,
  leased: { first: '198.18.66.100', last: '198.18.66.199' },
}

/** The shell line that makes the bridge on node `id`; the first node's DHCP server is everybody's. It ends with the node. */
export function managementCommand(id: number): string {
  const { bridge, prefix, addressOf, leased } = management
  const make = `ip link add ${bridge} type bridge mcast_snooping 0 && ip link set ${bridge} up`
  const bridged = `${make} && ip address add ${addressOf(id)}/${prefix} dev ${bridge}`
  return id === 1 ? `${bridged} && dnsmasq ${serverOptions(bridge, leased).join(' ')}` : bridged
}

const serverOptions = (bridge: string, { first, last }: { first: string; last: string }): string[] => [
  '--conf-file=/dev/null',
  '--port=0',
  `--interface=${bridge}`,
  '--bind-interfaces',
  '--no-ping',
  '--user=root',
  `--dhcp-range=${first},${last},12h`,
  `--pid-file=/run/${bridge}-dhcp.pid`,
  `--dhcp-leasefile=/run/${bridge}-dhcp.leases`,
  '--log-facility=/dev/null',
]
