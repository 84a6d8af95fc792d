/** A VM as the cluster lists it. */
export interface VmSummary {
  vmid: number
  name: string
  node: string
  tags: string[]
  pool: string | null
  isTemplate: boolean
  /** Unknown where its node does not answer. */
  status: 'running' | 'stopped' | 'unknown'
}

/** A new VM, named while it is being copied, in the lab's pool once it is; it bears its template's tags until it is configured. */
export interface NewVm {
  vmid: number
  name: string
  template: number
  pool: string
  /** A full clone on this storage; null: a linked clone beside its template. */
  storage: string | null
  /** The node that it is made for, which has to reach the template's storage; the template's own where absent. */
  node?: string
}

/** A new VM without a template; `settings` as in `configure`. */
export interface BlankVm {
  vmid: number
  name: string
  pool: string
  /** The node that it is made on; the target's where absent. */
  node?: string
  settings: Record<string, string>
}

/**
 * Makes and unmakes the lab's VMs. `configure` takes property strings as the API does (`delete: 'ide2,net3'` removes); a NIC is always
 * written whole; `sshkeys` may be plain text.
 */
export interface VmHost {
  list(signal: AbortSignal): Promise<VmSummary[]>
  clone(vm: NewVm, signal: AbortSignal): Promise<void>
  create(vm: BlankVm, signal: AbortSignal): Promise<void>
  configuration(vmid: number, signal: AbortSignal): Promise<Record<string, string>>
  configure(vmid: number, settings: Record<string, string>, signal: AbortSignal): Promise<void>
  /** Stops it where it runs, then deletes it with its disks; refused unless tagged `firedrill` or in a pool `firedrill-*`. A VM that is not there is done already. */
  destroy(vmid: number, signal: AbortSignal): Promise<void>
}

/** Pools: the lab's lock (creating an existing one is refused) and the anchor of its permissions. */
export interface PoolHost {
  /** Null where there is no such pool. */
  pool(id: string, signal: AbortSignal): Promise<{ comment: string; vmids: number[] } | null>
  pools(signal: AbortSignal): Promise<{ id: string; comment: string }[]>
  /** Refused with kind `pool-taken` where it exists. */
  createPool(id: string, comment: string, signal: AbortSignal): Promise<void>
  /** A pool that is not there is done already. */
  removePool(id: string, signal: AbortSignal): Promise<void>
}

interface AnyZone {
  zone: string
  /** The nodes that it is limited to, and on which it is verified; all that are online where absent. */
  nodes?: string[]
}

/** VLANs on a bridge that each node has. */
interface VlanZone extends AnyZone {
  bridge: string
}

/** VXLAN tunnels between the nodes, whose addresses are the peers. */
interface VxlanZone extends AnyZone {
  peers: string[]
}

export type SdnZone = VlanZone | VxlanZone

export interface SdnVnet {
  vnet: string
  zone: string
  tag: number
  alias: string
}

/** What a lost run may have left locked. */
export interface SdnRemoval {
  /** True: a run of ours ended while it may have held the SDN lock (9.x), so a lock that nobody releases within 5 s is broken; only while no foreign edit is pending. */
  breakLock?: boolean
}

/** Networks as SDN zones and vnets. Each change is one transaction: refuse foreign pending edits, lock (9.x), edit, apply, verify per node; undone as far as the release can when any of it fails. */
export interface SdnHost {
  /** With pending edits merged in, so what a lost run left unapplied is there too. */
  zones(signal: AbortSignal): Promise<SdnZone[]>
  vnets(signal: AbortSignal): Promise<SdnVnet[]>
  create(networks: { zone: SdnZone; vnets: SdnVnet[] }, signal: AbortSignal): Promise<void>
  /** Removes vnets, applies, then removes the zone. What is not there is done already. */
  remove(networks: { zone: string; vnets: string[] }, signal: AbortSignal, removal?: SdnRemoval): Promise<void>
}

/** Files that VMs read as CDs, on the storages of a node; of the target's where none is named. */
export interface IsoStore {
  /** Uploads an ISO image; resolves to its volume id, like `local:iso/firedrill-x.iso`. */
  upload(storage: string, fileName: string, image: Uint8Array, signal: AbortSignal, node?: string): Promise<string>
  volumes(storage: string, signal: AbortSignal, node?: string): Promise<string[]>
  /** A volume that is not there is done already. */
  removeVolume(volume: string, signal: AbortSignal, node?: string): Promise<void>
}

/** Snapshots of one VM, without its memory. */
export interface SnapshotHost {
  snapshots(vmid: number, signal: AbortSignal): Promise<string[]>
  takeSnapshot(vmid: number, name: string, signal: AbortSignal): Promise<void>
  /** Powers the VM off and restores its disk and configuration. */
  rollback(vmid: number, name: string, signal: AbortSignal): Promise<void>
  removeSnapshot(vmid: number, name: string, signal: AbortSignal): Promise<void>
}

/** The guest agent of one VM. */
export interface GuestAgent {
  /** False where no agent answers yet: not installed, not started, guest hung. */
  ping(vmid: number, signal: AbortSignal): Promise<boolean>
  addresses(vmid: number, signal: AbortSignal): Promise<{ mac: string; ipv4: string[] }[]>
  /** Program and arguments, no shell. Runs once: where its outcome is lost, that is an error. A signal's exit code is 128 + its number. */
  exec(
    vmid: number,
    command: string[],
    signal: AbortSignal,
  ): Promise<{ exitCode: number; stdout: string; stderr: string }>
}

/** What the caller may do, and where. */
export interface PrivilegeReader {
  /** Path to privilege names, as `GET /access/permissions` says. */
  permissions(signal: AbortSignal): Promise<Record<string, string[]>>
}

/** The cluster as a whole. */
export interface ClusterReader {
  /** Major and minor release, like 9.1. */
  release(signal: AbortSignal): Promise<{ major: number; minor: number; text: string }>
  /** `address`: by which the other nodes reach it. */
  nodes(signal: AbortSignal): Promise<{ node: string; online: boolean; address?: string }[]>
  /** Name of the cluster (the node's own where it stands alone) and whether it has quorum. */
  cluster(signal: AbortSignal): Promise<{ name: string; quorate: boolean }>
  /** The bridges that a node is configured with, without SDN's own; `active` ones are up. */
  bridges(node: string, signal: AbortSignal): Promise<{ name: string; active: boolean }[]>
  /** Refusals for one VM that is not ours to rebuild: HA-managed, protected. */
  protection(vmid: number, signal: AbortSignal): Promise<{ haManaged: boolean; isProtected: boolean }>
}
