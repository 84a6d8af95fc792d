import type { SshAccess } from '../../model/target.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hypervisor } from '../../ports/hypervisor.ts'
import type {
  ClusterReader,
  GuestAgent,
  IsoStore,
  PoolHost,
  PrivilegeReader,
  SdnHost,
  VmHost,
} from '../../ports/provisioning.ts'
import type { Shell } from '../../ports/shell.ts'

/** How the machines of a lab are reached, by machine name. */
export type Access = Readonly<Record<string, { ssh: SshAccess }>>

/** The hypervisor as labs are made on it. `power` knows the machines of the one lab at hand by their names in its file. */
export interface Site {
  vms: VmHost
  pools: PoolHost
  sdn: SdnHost
  isos: IsoStore
  agent: GuestAgent
  cluster: ClusterReader
  privileges: PrivilegeReader
  power: Pick<Hypervisor, 'start'>
  /** Opens a shell to machines; closed by whoever opened it. */
  openShell(access: Access): Shell
  clock: Clock
  progress(text: string): void
}

/** A call that has gone out is waited for, even when the run is interrupted: a teardown that overtakes it would miss its effect. */
const callWithinMs = 600_000

/** The signal for calls that change something. */
export const callSignal = (): AbortSignal => AbortSignal.timeout(callWithinMs)
