import type { Caller } from '../../access/access.ts'
import type { Cluster } from '../../cluster.ts'
import type { Job } from '../../tasks.ts'
import type { Vm } from '../../vm/vm.ts'
import { nodeName, vmid } from '../parameter.ts'

/** The placeholders of every endpoint about one VM. */
export const vmPath = { node: nodeName(), vmid: vmid() }

/** Privileges on the VM of the path. */
export function onVm(...privileges: string[]): { path: string; privileges: string[] } {
  return { path: '/vms/{vmid}', privileges }
}

/** Begins a task about a VM and returns its UPID. */
export function beginVmTask(
  cluster: Cluster,
  { id }: Caller,
  vm: Pick<Vm, 'vmid' | 'node'>,
  type: string,
  work: (job: Job) => Promise<void>,
): string {
  const pollMs = type === 'qmstop' || type === 'qmshutdown' ? 1000 : 100
  return cluster.tasks.begin({ node: vm.node, type, id: String(vm.vmid), user: id }, pollMs, work).upid
}
