import type { Hypervisor, MachineControl, NicHost } from '../../../../ports/hypervisor.ts'
import type {
  ClusterReader,
  GuestAgent,
  IsoStore,
  PoolHost,
  PrivilegeReader,
  SdnHost,
  SnapshotHost,
  VmHost,
} from '../../../../ports/provisioning.ts'
import type { Call } from './call.ts'

/** The driver under test, role by role. */
export interface Roles {
  machines: Hypervisor & MachineControl & NicHost
  vms: VmHost
  pools: PoolHost
  sdn: SdnHost
  isos: IsoStore
  snapshots: SnapshotHost
  agent: GuestAgent
  privileges: PrivilegeReader
  cluster: ClusterReader
}

/** What of the given storage can be used. */
export interface StorageFacts {
  name: string
  type: string
  content: string[]
}

/** What a case works with. Its VMs, pool, zone and image are the suite's own; nothing else is touched. */
export interface Bench {
  node: string
  release: { major: number; minor: number }
  vmids: Readonly<Record<OwnVm, number>>
  storage: StorageFacts | null
  bridge: string | null
  driver: Roles
  call: Call
  /** A token that is none. */
  badToken: string
  signal: AbortSignal
  /** The token of the SDN lock while the suite holds it. */
  sdnLock: { token: string | null }
}

/** The suite's VMs: one to work on, one that is cloned, its clone, and one that never exists. */
export type OwnVm = 'main' | 'template' | 'clone' | 'none'

/** Names by which everything of the suite is known. */
export const own = {
  lab: 'firedrill-contract',
  pool: 'firedrill-contract',
  tags: 'firedrill;firedrill-contract',
  zone: 'fdctr',
  vnet: 'fdctr1',
  tag: 4001,
  iso: 'firedrill-contract.iso',
  mac: 'BC:24:11:FD:00:01',
  nameOf: (vm: OwnVm) => `firedrill-contract-${vm}`,
} as const
