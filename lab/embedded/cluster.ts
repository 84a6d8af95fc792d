import type { Access } from './access/access.ts'
import type { FaultBoard } from './faults/fault-board.ts'
import type { Hardware } from './node/hardware.ts'
import type { Release } from './release.ts'
import type { Sdn } from './sdn/sdn.ts'
import type { SshKey } from './ssh-key.ts'
import type { Tasks } from './tasks.ts'
import type { Vm } from './vm/vm.ts'

/** A node of the cluster. */
export type ClusterNode = { name: string; id: number; hardware: Hardware; fingerprint: string }

/** An HA resource; only what refusals and renamed tasks need. */
type HaResource = { sid: string; state: string; comment?: string; max_restart?: number; max_relocate?: number }

/** What the REST server shows: nodes, VMs, pools, networks, and who may ask. */
export type Cluster = {
  release: Release
  nodes: ReadonlyMap<string, ClusterNode>
  /** The node whose REST server this is. */
  localNode: string
  vms: Map<number, Vm>
  /** Comments of the pools by id; who is in a pool stands with the VMs. */
  pools: Map<string, { comment?: string }>
  ha: Map<string, HaResource>
  sdn: Sdn
  access: Access
  tasks: Tasks
  faults: FaultBoard
  startedAtMs: number
  /** The host key that a VM of this name gets before its first start. */
  hostKeyOf: (vmName: string) => SshKey
  /** The defects that a VM of this name is born with. */
  defectsOf: (vmName: string) => readonly string[]
}

/** The node of a VM or of a call; the words of a failed name lookup where there is none. */
export function nodeOf(cluster: Cluster, name: string): ClusterNode {
  const node = cluster.nodes.get(name)
  if (node) return node
  throw new Error(
    `hostname lookup '${name}' failed - failed to get address info for: ${name}: Name or service not known`,
  )
}

/** The VM on that node; Proxmox VE's words where it is not there. */
export function findVm(cluster: Cluster, wanted: { node: string; vmid: number }): Vm {
  nodeOf(cluster, wanted.node)
  const vm = cluster.vms.get(wanted.vmid)
  if (vm && vm.node === wanted.node) return vm
  throw new Error(`Configuration file 'nodes/${wanted.node}/qemu-server/${wanted.vmid}.conf' does not exist`)
}

/** The hardware under a VM. */
export function hardwareOf(cluster: Cluster, vm: Vm): Hardware {
  return nodeOf(cluster, vm.node).hardware
}

/** Whether the cluster has more than half of its votes. */
export function isQuorate({ nodes, faults }: Pick<Cluster, 'nodes' | 'faults'>): boolean {
  const online = [...nodes.keys()].filter((name) => faults.nodeState(name) === 'up').length
  return !faults.has('quorum-lost') && online * 2 > nodes.size
}

/** Refuses operations that have to write into the cluster's file system. */
export function assertQuorum(cluster: Cluster): void {
  if (!isQuorate(cluster)) throw new Error('cluster not ready - no quorum?')
}

/** Refuses the write of one file of the cluster's file system, in the words of the failed write. */
export function assertWritable(cluster: Cluster, file: string): void {
  if (!isQuorate(cluster))
    throw new Error(`unable to open file '/etc/pve/${file}.tmp.${process.pid}' - Permission denied`)
}
