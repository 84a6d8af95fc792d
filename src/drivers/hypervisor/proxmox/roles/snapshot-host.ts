import { deleteSnapshot, listSnapshots, rollbackSnapshot, takeSnapshot } from '../endpoints/snapshots.ts'
import type { SnapshotHost } from '../../../../ports/provisioning.ts'
import type { Vms } from '../vms.ts'

const limitMs = 30 * 60_000

/** Snapshots of a VM's disks and configuration. */
export function snapshotHostOf(vms: Vms): SnapshotHost {
  const { api, tasks } = vms
  const list = async (vmid: number, signal: AbortSignal) => {
    const { data } = await vms.at(vmid, (node) => api.call(listSnapshots, { node, vmid }, signal), signal)
    return data.map(({ name }) => name).filter((name) => name !== 'current')
  }
  const change = async (
    vmid: number,
    work: (vm: { node: string; vmid: number }) => Promise<unknown>,
    signal: AbortSignal,
  ) => void (await vms.change(vmid, (node) => work({ node, vmid }), signal))
  return {
    snapshots: list,
    takeSnapshot: async (vmid, snapname, signal) =>
      await change(
        vmid,
        (vm) => tasks.run(takeSnapshot, { ...vm, snapname, vmstate: false }, signal, { limitMs }),
        signal,
      ),
    rollback: async (vmid, snapname, signal) =>
      await change(
        vmid,
        (vm) => tasks.run(rollbackSnapshot, { ...vm, snapname, start: false }, signal, { limitMs }),
        signal,
      ),
    removeSnapshot: async (vmid, snapname, signal) =>
      await change(vmid, (vm) => tasks.run(deleteSnapshot, { ...vm, snapname }, signal, { limitMs }), signal),
  }
}
