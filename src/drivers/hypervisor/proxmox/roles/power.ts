import { readVersion } from '../endpoints/cluster.ts'
import { readStatus, rebootVm, resetVm, resumeVm, shutdownVm, startVm, stopVm, suspendVm } from '../endpoints/power.ts'
import type { Hypervisor, MachineControl, RequestInterval, RunState } from '../../../../ports/hypervisor.ts'
import type { MachineFinder } from '../machines.ts'
import { isKind } from '../transport/error.ts'
import type { Vms } from '../vms.ts'

/** How long a guest may take to power off, before the hypervisor gives up. */
const guestTimeoutS = 60

/** Power of the lab's machines. */
export function powerOf(vms: Vms, find: MachineFinder): Hypervisor & MachineControl {
  const { api, tasks } = vms
  /** VMs whose shutdown was not seen to end: it may still hold the VM's lock, and only a stop that overrules it gets through. */
  const shuttingDown = new Set<number>()
  const change =
    (work: (vm: { node: string; vmid: number }, signal: AbortSignal) => Promise<RequestInterval>) =>
    async (machine: string, signal: AbortSignal) => {
      const vmid = await find(machine, signal)
      return await vms.change(vmid, (node) => work({ node, vmid }, signal), signal)
    }
  const status = async (machine: string, signal: AbortSignal) => {
    const vmid = await find(machine, signal)
    return (await vms.at(vmid, (node) => api.call(readStatus, { node, vmid }, signal), signal)).data
  }
  return {
    version: async (signal) => `Proxmox VE ${(await api.call(readVersion, {}, signal)).data.version}`,
    powerState: async (machine, signal) => (await status(machine, signal)).status,
    runState: async (machine, signal) => runStateOf(await status(machine, signal)),
    stop: change(async (vm, signal) => {
      const overrule = shuttingDown.has(vm.vmid) ? { 'overrule-shutdown': true } : {}
      const interval = await tasks.run(stopVm, { ...vm, ...overrule }, signal)
      shuttingDown.delete(vm.vmid)
      return interval
    }),
    start: change((vm, signal) => startOnce(vms, vm, signal)),
    shutdown: change(async (vm, signal) => {
      shuttingDown.add(vm.vmid)
      const interval = await tasks.run(shutdownVm, { ...vm, timeout: guestTimeoutS, forceStop: false }, signal)
      shuttingDown.delete(vm.vmid)
      return interval
    }),
    reboot: change((vm, signal) => tasks.run(rebootVm, { ...vm, timeout: guestTimeoutS }, signal)),
    reset: change((vm, signal) => tasks.run(resetVm, vm, signal)),
    suspend: change((vm, signal) => tasks.run(suspendVm, { ...vm, todisk: false }, signal)),
    resume: change((vm, signal) => tasks.run(resumeVm, vm, signal)),
  }
}

/** Starting a VM that runs is a failed task; for whoever wants it running, it is what was asked for. */
async function startOnce({ api, tasks }: Vms, vm: { node: string; vmid: number }, signal: AbortSignal) {
  const sentMs = api.clock.nowMs()
  try {
    return await tasks.run(startVm, vm, signal)
  } catch (thrown) {
    if (!isKind(thrown, 'already-running')) throw thrown
    return { sentMs, ackedMs: api.clock.nowMs() }
  }
}

function runStateOf({ status, qmpstatus }: { status: 'running' | 'stopped'; qmpstatus: string | undefined }): RunState {
  if (status === 'stopped') return 'stopped'
  if (qmpstatus === undefined || qmpstatus === 'running') return 'running'
  return qmpstatus === 'paused' ? 'paused' : 'other'
}
