import type { ClusterNode } from '../cluster.ts'
import type { SdnObject } from './sdn.ts'

/** The device by which a node reaches the others, and the address of node `id` on it. */
export const underlay = { device: 'underlay0', mtu: 1550, addressOf: (id: number): string => `169.254.99.${id}` }

/** The bridge that carries a VLAN of a zone's bridge on each node; undefined for a vnet without VLAN. */
export function segmentBridge(zone: SdnObject, vnet: SdnObject): string | undefined {
  return vnet['tag'] === undefined || zone['bridge'] === undefined ? undefined : `${zone['bridge']}v${vnet['tag']}`
}

const trunkPort = 8472
const tunnelPort = 4789
/** What VXLAN adds to each frame. */
const tunnelOverhead = 50

/** Whether a zone is to be on a node: one without a list of nodes is on all. */
export function isOnNode({ nodes }: SdnObject, node: string): boolean {
  return (
    nodes === undefined ||
    String(nodes)
      .split(/[,; ]+/)
      .includes(node)
  )
}

/**
 * The shell line that puts the tunnel of a VXLAN zone's vnet into its bridge: the device that Proxmox VE calls `vxlan_<vnet>`, with
 * every peer but the node itself as a place to send to. A node alone has nobody to reach. The MTU of tunnel and vnet is the zone's, or
 * that of the device below without what a tunnel adds.
 */
export function openTunnel({ id }: ClusterNode, zone: SdnObject, vnet: string, tag: number): string {
  const own = underlay.addressOf(id)
  const device = `vxlan_${vnet}`
  const mtu = Number(zone['mtu'] ?? underlay.mtu - tunnelOverhead)
  const others = String(zone['peers'])
    .split(/[,; ]+/)
    .filter((peer) => peer !== own)
  const steps = [
    `ip link add ${device} type vxlan id ${tag} local ${own} dstport ${Number(zone['vxlan-port'] ?? tunnelPort)} dev ${underlay.device}`,
    `ip link set ${device} mtu ${mtu} master ${vnet} up && ip link set ${vnet} mtu ${mtu}`,
    ...others.map((peer) => `bridge fdb append 00:00:00:00:00:00 dev ${device} dst ${peer}`),
  ]
  return `if ip link show ${underlay.device} >/dev/null 2>&1; then ${steps.join(' && ')}; fi`
}

/**
 * The shell line that joins a VLAN's bridge with that of the other node, through the underlay; a node without an underlay
 * does nothing. VXLAN stands for the VLAN trunk of a switch, its number for the tag; not on the port of the tunnels that a
 * zone may define, so that a fault can tell them apart.
 */
export function driveTag({ id }: ClusterNode, _zone: SdnObject, vnet: SdnObject, segment: string): string {
  return joinCommand(id, Number(vnet['tag']), segment)
}

/** The shell line that removes a VLAN's bridge where no NIC with that tag is in it any more. */
export function leaveTag(vnet: SdnObject, segment: string): string {
  const device = `vx${Number(vnet['tag'])}`
  const ports = `ip -o link show master ${segment} 2>/dev/null | grep -v ': ${device}:'`
  return `${ports} >/dev/null || { ip link del ${device}; ip link del ${segment}; } 2>/dev/null;`
}

/** Joins any bridge with that of the other node, by a number that both nodes use for it. */
export function joinCommand(node: number, number: number, bridge: string): string {
  const device = `vx${number}`
  const ends = `local ${underlay.addressOf(node)} remote ${underlay.addressOf(3 - node)} dev ${underlay.device}`
  return `if ip link show ${underlay.device} >/dev/null 2>&1 && ! ip link show ${device} >/dev/null 2>&1; then
ip link add ${device} type vxlan id ${number} ${ends} dstport ${trunkPort} && ip link set ${device} mtu 1500 master ${bridge} up; fi`.replaceAll(
    '\n',
    ' ',
  )
}
