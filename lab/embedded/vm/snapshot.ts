import { assertQuorum, hardwareOf, type Cluster } from '../cluster.ts'
import { stop } from './power.ts'
import { applyPending } from './pending.ts'
import { assertNotLocked, type Snapshot, type Vm } from './vm.ts'

/** The snapshot of that name, or Proxmox VE's refusal. */
export function findSnapshot(vm: Vm, name: string): Snapshot {
  const found = vm.snapshots.get(name)
  if (!found) throw new Error(`snapshot '${name}' does not exist`)
  return found
}

/** Keeps disk and configuration, running or not. The caller holds the lock. */
export async function takeSnapshot(cluster: Cluster, vm: Vm, name: string, description: string): Promise<void> {
  assertNotLocked(vm)
  assertQuorum(cluster)
  if (vm.snapshots.has(name)) throw new Error(`snapshot name '${name}' already used`)
  await locked(vm, 'snapshot', () => hardwareOf(cluster, vm).takeSnapshot(vm.vmid, name))
  const parent = vm.currentParent
  const takenAt = Math.floor(Date.now() / 1000)
  vm.snapshots.set(name, {
    name,
    description,
    takenAt,
    config: { ...vm.config },
    ...(parent !== undefined && { parent }),
  })
  vm.currentParent = name
}

/** Powers the VM off hard and restores disk and configuration. The caller holds the lock. */
export async function rollback(cluster: Cluster, vm: Vm, name: string): Promise<void> {
  assertNotLocked(vm)
  assertQuorum(cluster)
  const { config } = findSnapshot(vm, name)
  await stop(vm)
  applyPending(vm)
  await locked(vm, 'rollback', () => hardwareOf(cluster, vm).restoreSnapshot(vm.vmid, name))
  vm.config = { ...config }
  vm.currentParent = name
}

/** Forgets a snapshot; its children become those of its parent. The caller holds the lock. */
export async function removeSnapshot(cluster: Cluster, vm: Vm, name: string): Promise<void> {
  assertNotLocked(vm)
  assertQuorum(cluster)
  const { parent } = findSnapshot(vm, name)
  await locked(vm, 'snapshot-delete', () => hardwareOf(cluster, vm).removeSnapshot(vm.vmid, name))
  vm.snapshots.delete(name)
  for (const each of vm.snapshots.values()) if (each.parent === name) reparent(each, parent)
  if (vm.currentParent === name) {
    if (parent === undefined) delete vm.currentParent
    else vm.currentParent = parent
  }
}

function reparent(snapshot: Snapshot, parent: string | undefined): void {
  if (parent === undefined) delete snapshot.parent
  else snapshot.parent = parent
}

async function locked(vm: Vm, lock: string, work: () => Promise<void>): Promise<void> {
  vm.config['lock'] = lock
  try {
    await work()
  } finally {
    delete vm.config['lock']
  }
}
