import type { Target } from '../../../model/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Hypervisor, MachineControl, NicHost, TapNames } from '../../../ports/hypervisor.ts'
import type {
  ClusterReader,
  GuestAgent,
  IsoStore,
  PoolHost,
  PrivilegeReader,
  SdnHost,
  SnapshotHost,
  VmHost,
} from '../../../ports/provisioning.ts'
import { type OwnMachines, machineFinder } from './machines.ts'
import { clusterReaderOf, privilegeReaderOf } from './roles/cluster-reader.ts'
import { guestAgentOf } from './roles/guest-agent.ts'
import { isoStoreOf } from './roles/iso-store.ts'
import { nicsOf } from './roles/nics.ts'
import { poolHostOf } from './roles/pool-host.ts'
import { powerOf } from './roles/power.ts'
import { sdnHostOf } from './roles/sdn/index.ts'
import { snapshotHostOf } from './roles/snapshot-host.ts'
import { tapNamesOf } from './roles/tap-names.ts'
import { vmHostOf } from './roles/vm-host.ts'
import { apiOver } from './transport/api.ts'
import { connectTo } from './transport/connection.ts'
import { credentialOf } from './transport/credential.ts'
import { exchangeOver } from './transport/exchange.ts'
import { vmsOf } from './vms.ts'

/** A Proxmox VE in all its roles: the lab's machines by name, everything else by its own ids. */
export interface ProxmoxVe extends Hypervisor, MachineControl, NicHost, TapNames {
  vms: VmHost
  pools: PoolHost
  sdn: SdnHost
  isos: IsoStore
  snapshots: SnapshotHost
  agent: GuestAgent
  privileges: PrivilegeReader
  cluster: ClusterReader
  /** Gives the connections back. */
  close(): Promise<void>
}

interface Options {
  target: Target
  lab: OwnMachines
  clock: Clock
  /** How long another's lock is waited for before that is an error; a minute where absent. */
  lockLimitMs?: number
}

/** A Proxmox VE, embedded or real. Reads the token; connects with the first call. */
export async function connectProxmox({ target, lab, clock, lockLimitMs = 60_000 }: Options): Promise<ProxmoxVe> {
  const connection = connectTo(target)
  const exchange = exchangeOver(connection, target.url, clock)
  const api = apiOver(exchange, await credentialOf(target, process.env, exchange, clock), clock)
  const vms = vmsOf(api, target.node, lockLimitMs)
  const { tasks } = vms
  const find = machineFinder(vms, lab, target.attach)
  return {
    ...powerOf(vms, find),
    ...nicsOf(vms, find),
    ...tapNamesOf(vms, find),
    vms: vmHostOf(vms),
    pools: poolHostOf(api, lockLimitMs),
    sdn: sdnHostOf({ api, tasks, lockLimitMs }),
    isos: isoStoreOf(api, tasks, target.node),
    snapshots: snapshotHostOf(vms),
    agent: guestAgentOf(vms),
    privileges: privilegeReaderOf(api),
    cluster: clusterReaderOf(vms),
    close: async () => await connection.destroy(),
  }
}
