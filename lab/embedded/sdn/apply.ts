import type { Cluster, ClusterNode } from '../cluster.ts'
import { batch } from '../node/nic.ts'
import { driveTag, isOnNode, leaveTag, openTunnel, segmentBridge } from './segment.ts'
import { copyConfig, type SdnConfig, type SdnObject } from './sdn.ts'

/**
 * Applies all edits on every node, one task each. What fails on a node shows in its own task and in the state of its
 * zones; nobody else notices.
 */
export function applySdn(cluster: Cluster, user: string, log: (line: string) => void): Promise<void>[] {
  const { sdn } = cluster
  const before = copyConfig(sdn.applied)
  sdn.applied = copyConfig(sdn.draft)
  const after = copyConfig(sdn.applied)
  return [...cluster.nodes.values()].map((node) => {
    const done = Promise.withResolvers<void>()
    const work = async (): Promise<void> => {
      try {
        await reload(cluster, node, before, after)
        sdn.failures.delete(node.name)
        log(`${node.name}: reloading network config`)
      } catch (error) {
        sdn.failures.set(node.name, 'local sdn network configuration is not yet generated, please reload')
        log(`${node.name}: ${error instanceof Error ? error.message : String(error)}`)
        throw error
      } finally {
        done.resolve()
      }
    }
    cluster.tasks.begin({ node: node.name, type: 'srvreload', id: 'networking', user }, 200, work)
    return done.promise
  })
}

async function reload({ faults }: Cluster, node: ClusterNode, before: SdnConfig, after: SdnConfig): Promise<void> {
  if (faults.nodeState(node.name) !== 'up') throw new Error(`command 'ssh ${node.name} pvesh' failed: exit code 255`)
  if (faults.failsReload(node.name)) throw new Error(`command 'ifreload -a' failed: exit code 1`)
  await setUpVnets(node, before, after)
}

/** Makes the bridges of a node those of the configuration: the vnets whose zone has its bridge there. */
export async function setUpVnets(node: ClusterNode, before: SdnConfig, after: SdnConfig): Promise<void> {
  const { hardware } = node
  for (const [id, vnet] of before.vnets) {
    if (textOf(before, vnet, node) === textOf(after, after.vnets.get(id), node)) continue
    const zone = before.zones.get(String(vnet['zone']))
    const segment = zone === undefined ? undefined : segmentBridge(zone, vnet)
    const devices = [id, `ln_${id}`, `vxlan_${id}`].map((device) => `ip link del ${device} 2>/dev/null`).join('; ')
    await hardware.run(`${devices}; ${segment === undefined ? '' : leaveTag(vnet, segment)} :`)
  }
  for (const [id, vnet] of after.vnets) {
    const zone = after.zones.get(String(vnet['zone']))
    if (!zone || !isOnNode(zone, node.name) || (await missingBridge(node, zone)) !== undefined) continue
    if (await hardware.hasBridge(id)) continue
    const segment = segmentBridge(zone, vnet)
    const uplink = segment === undefined ? [] : linkCommands(id, segment, await hardware.hasBridge(segment))
    await hardware.run(batch([`link add ${id} type bridge mcast_snooping 0`, `link set ${id} up`, ...uplink]))
    if (segment !== undefined) await hardware.run(driveTag(node, zone, vnet, segment))
    if (zone['peers'] !== undefined) await hardware.run(openTunnel(node, zone, id, Number(vnet['tag'])))
  }
}

function linkCommands(vnet: string, segment: string, exists: boolean): string[] {
  const bridge = exists ? [] : [`link add ${segment} type bridge mcast_snooping 0`, `link set ${segment} up`]
  return [
    ...bridge,
    `link add ln_${vnet} type veth peer name pr_${vnet}`,
    `link set ln_${vnet} master ${vnet} up`,
    `link set pr_${vnet} master ${segment} up`,
  ]
}

/** The bridge that a zone wants and the node does not have. */
export async function missingBridge({ hardware }: ClusterNode, zone: SdnObject): Promise<string | undefined> {
  const bridge = zone['bridge']
  if (bridge === undefined) return undefined
  return (await hardware.hasBridge(String(bridge))) ? undefined : String(bridge)
}

// All that the bridge of a vnet is made of on a node; nothing where it is not to be there.
function textOf({ zones }: SdnConfig, vnet: SdnObject | undefined, node: ClusterNode): string {
  const zone = vnet && zones.get(String(vnet['zone']))
  if (!zone || !isOnNode(zone, node.name)) return ''
  const { bridge, peers, mtu } = zone
  return JSON.stringify([vnet['tag'], vnet['zone'], bridge, peers, mtu, zone['vxlan-port']])
}
