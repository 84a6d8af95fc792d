import { listResources } from './endpoints/cluster.ts'
import type { Api } from './transport/api.ts'
import { isKind } from './transport/error.ts'
import { createKeyedGate } from './transport/gate.ts'
import { waitingForLocks } from './tasks/lock-wait.ts'
import { type TaskRunner, taskRunnerOf } from './tasks/task-runner.ts'

/** VMs by their VMID, wherever in the cluster they are. */
export interface Vms {
  api: Api
  tasks: TaskRunner
  /** The node that everything starts on. */
  homeNode: string
  /** How long locks are waited for. */
  lockLimitMs: number
  /** Reads at the VM's node; one that has moved is followed there. */
  at<T>(vmid: number, read: (node: string) => Promise<T>, signal: AbortSignal): Promise<T>
  /** One change at a time per VM, and waiting for its locks. */
  change<T>(vmid: number, work: (node: string) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Says where a VM is now known to be. */
  moved(vmid: number, node: string): void
}

export function vmsOf(api: Api, homeNode: string, lockLimitMs: number): Vms {
  const nodes = new Map<number, string>()
  const queue = createKeyedGate()
  const at: Vms['at'] = async (vmid, read, signal) => {
    const node = nodes.get(vmid) ?? homeNode
    try {
      return await read(node)
    } catch (thrown) {
      if (!isKind(thrown, 'vm-missing')) throw thrown
      const other = await nodeOf(api, vmid, signal)
      if (other === null || other === node) throw thrown
      nodes.set(vmid, other)
      return await read(other)
    }
  }
  return {
    api,
    tasks: taskRunnerOf(api),
    homeNode,
    lockLimitMs,
    at,
    moved: (vmid, node) => void nodes.set(vmid, node),
    async change(vmid, work, signal) {
      const leave = await queue.enter(vmid, signal)
      try {
        return await waitingForLocks(api, lockLimitMs, () => at(vmid, work, signal), signal)
      } finally {
        leave()
      }
    },
  }
}

/** Where the cluster says that a VM is, null where it knows none. Right at once after a migration. */
async function nodeOf(api: Api, vmid: number, signal: AbortSignal): Promise<string | null> {
  const { data } = await api.call(listResources, { type: 'vm' }, signal)
  return data.find((vm) => vm.vmid === vmid)?.node ?? null
}
