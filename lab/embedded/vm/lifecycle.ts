import { assertQuorum, hardwareOf, nodeOf, type Cluster } from '../cluster.ts'
import { baseFiles } from '../base-files.ts'
import { configure } from './configure.ts'
import { nicsOf, printNic, randomMac } from './nic-string.ts'
import { assertNotLocked, hasFlag, nameOf, newVm, type Vm, type VmConfig } from './vm.ts'
import { driveVolumes } from '../storage/volumes.ts'

/** Refuses a VMID that is taken. */
export function assertFreeId(cluster: Cluster, vmid: number): void {
  const taken = cluster.vms.get(vmid)
  if (taken) throw new Error(`VM ${vmid} already exists on node '${taken.node}'`)
}

/** A VM with the lock `create` and nothing else in its configuration; known to the cluster at once. */
export function beginCreation(cluster: Cluster, { vmid, node }: { vmid: number; node: string }): Vm {
  const vm = newVm({ vmid, node, nicPrefix: 'eth', isBlank: true, config: { lock: 'create' } })
  cluster.vms.set(vmid, vm)
  return vm
}

/** Gives a VM an empty disk, from which nothing boots, and its configuration; it is gone where that fails. */
export async function finishCreation(cluster: Cluster, vm: Vm, values: ReadonlyMap<string, string>): Promise<void> {
  try {
    await hardwareOf(cluster, vm).createDisk(vm.vmid, blankFiles(cluster, vm))
    delete vm.config['lock']
    await configure(cluster, vm, { values, deletes: [], reverts: [] })
  } catch (error) {
    cluster.vms.delete(vm.vmid)
    throw error
  }
}

function blankFiles(cluster: Cluster, vm: Vm): Parameters<ReturnType<typeof hardwareOf>['createDisk']>[1] {
  return {
    ...baseFiles(nameOf(vm), cluster.hostKeyOf(nameOf(vm)), []),
    '/etc/firedrill/boot': { content: '# there is nothing to boot from\nexec sleep infinity\n' },
  }
}

/** What a clone is to be. */
export type CloneOrder = {
  newid: number
  node: string
  name?: string
  description?: string
  full: boolean
}

/** The VM that a clone will be, with the lock `clone` in its configuration and no disk yet; known to the cluster at once. */
export function beginClone(cluster: Cluster, source: Vm, order: CloneOrder, from: VmConfig = source.config): Vm {
  const { newid, node, name, description } = order
  const config: VmConfig = { ...clonedConfig(from, source.vmid, newid), lock: 'clone' }
  config['name'] = name ?? `Copy-of-VM-${nameOf(source).replaceAll(' ', '-')}`
  if (description !== undefined) config['description'] = description
  else delete config['description']
  const vm = newVm({ vmid: newid, node, nicPrefix: source.nicPrefix, isBlank: source.isBlank, config })
  cluster.vms.set(newid, vm)
  return vm
}

/** Copies the disk and frees the clone; what was begun is gone where that fails. */
export async function finishClone(cluster: Cluster, source: Vm, vm: Vm): Promise<void> {
  try {
    const { disks } = hardwareOf(cluster, source)
    await hardwareOf(cluster, vm).copyDisk({ disks, vmid: source.vmid }, vm.vmid)
    delete vm.config['lock']
  } catch (error) {
    cluster.vms.delete(vm.vmid)
    await hardwareOf(cluster, vm).removeDisk(vm.vmid)
    throw error
  }
}

// A clone always gets MAC addresses of its own, is no template, and its disks bear its own number.
function clonedConfig(config: VmConfig, from: number, to: number): VmConfig {
  const { template, protection, lock, ...kept } = config
  void [template, protection, lock]
  for (const [index, nic] of nicsOf(kept)) kept[`net${index}`] = printNic({ ...nic, mac: randomMac() })
  for (const key of driveVolumes(kept).keys()) {
    const text = kept[key] ?? ''
    kept[key] = text.replaceAll(`:${from}/`, `:${to}/`).replace(new RegExp(`\\b(vm|base)-${from}-`), `vm-${to}-`)
  }
  return kept
}

/** Refuses to destroy a VM that runs, is protected, locked, or managed by HA without `purge`. */
export function assertDestroyable(cluster: Cluster, vm: Vm, isPurge: boolean): void {
  const { vmid } = vm
  if (hasFlag(vm, 'protection')) throw new Error(`can't remove VM ${vmid} - protection mode enabled`)
  assertNotLocked(vm)
  if (vm.running) throw new Error(`VM ${vmid} is running - destroy failed`)
  if (cluster.ha.has(`vm:${vmid}`) && !isPurge) {
    throw new Error(`unable to remove VM ${vmid} - used in HA resources and purge parameter not set.`)
  }
}

/** Destroys a stopped VM with its disks and snapshots. */
export async function destroy(cluster: Cluster, vm: Vm, isPurge: boolean): Promise<void> {
  assertQuorum(cluster)
  assertDestroyable(cluster, vm, isPurge)
  if (isPurge) cluster.ha.delete(`vm:${vm.vmid}`)
  await hardwareOf(cluster, vm).removeDisk(vm.vmid)
  cluster.vms.delete(vm.vmid)
}

/** Moves a stopped VM to another node. */
export async function migrate(cluster: Cluster, vm: Vm, target: string): Promise<void> {
  assertNotLocked(vm)
  if (vm.running) throw new Error(`can't migrate running VM without --online`)
  assertQuorum(cluster)
  const [from, to] = [hardwareOf(cluster, vm), nodeOf(cluster, target).hardware]
  vm.config['lock'] = 'migrate'
  try {
    await to.copyDisk({ disks: from.disks, vmid: vm.vmid }, vm.vmid)
    vm.node = target
    await from.removeDisk(vm.vmid)
  } finally {
    delete vm.config['lock']
  }
}
