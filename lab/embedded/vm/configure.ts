import { setTimeout as sleep } from 'node:timers/promises'
import { parameterRefusal } from '../api/reply.ts'
import { hardwareOf, type Cluster } from '../cluster.ts'
import { storageId, volumeOf } from '../storage/volumes.ts'
import { nicsOf, parseNic, type NicConfig } from './nic-string.ts'
import { applyPending } from './pending.ts'
import { plugOf, segmentOf, assertBridge } from './power.ts'
import type { Running, Vm } from './vm.ts'

/** What a write to the configuration asks for; values are checked and in their normal form. */
export type ConfigChange = {
  values: ReadonlyMap<string, string>
  deletes: readonly string[]
  reverts: readonly string[]
}

/**
 * Writes a configuration: at once on a stopped VM, on a running one what can be changed while it runs, the rest stays
 * pending. Refuses with 400 what should have been changeable and was not; that is pending then. The caller holds the lock.
 */
export async function configure(cluster: Cluster, vm: Vm, { values, deletes, reverts }: ConfigChange): Promise<void> {
  for (const key of reverts) {
    vm.pending.delete(key)
    vm.pendingDeletes.delete(key)
  }
  for (const key of deletes) {
    vm.pending.delete(key)
    if (vm.config[key] !== undefined) vm.pendingDeletes.add(key)
  }
  for (const [key, value] of values) {
    vm.pendingDeletes.delete(key)
    const volume = allocate(vm, key, value)
    if (volume === vm.config[key]) vm.pending.delete(key)
    else vm.pending.set(key, volume)
  }
  const { running } = vm
  if (!running) return applyPending(vm)
  const problems: Record<string, string> = {}
  for (const key of [...vm.pendingDeletes, ...vm.pending.keys()]) {
    await hotplug(cluster, vm, running, key).catch((error: unknown) => {
      problems[key] = `hotplug problem - ${error instanceof Error ? error.message : String(error)}\n`
    })
  }
  if (Object.keys(problems).length > 0) throw parameterRefusal(problems)
}

// Keys that mean nothing to a running QEMU.
const immediate = new Set(
  'description hookscript hotplug lock name onboot protection shares startup tags vmstatestorage autostart'.split(' '),
)

async function hotplug(cluster: Cluster, vm: Vm, running: Running, key: string): Promise<void> {
  if (/^net\d+$/.test(key)) {
    const features = vm.config['hotplug'] ?? 'network,disk,usb'
    if (!/network|^1$/.test(features)) return
    await hotplugNic(cluster, vm, running, key)
  } else if (/^(ide|sata|scsi)\d+$/.test(key)) {
    if (!/media=cdrom/.test(vm.config[key] ?? '') || !/media=cdrom/.test(vm.pending.get(key) ?? '')) return
  } else if (!immediate.has(key)) return
  commit(vm, key)
}

function commit(vm: Vm, key: string): void {
  const value = vm.pending.get(key)
  if (value === undefined) delete vm.config[key]
  else vm.config[key] = value
  vm.pending.delete(key)
  vm.pendingDeletes.delete(key)
}

async function hotplugNic(cluster: Cluster, vm: Vm, running: Running, key: string): Promise<void> {
  const index = Number(key.slice(3))
  const before = nicsOf(vm.config).get(index)
  const text = vm.pending.get(key)
  const parsed = text === undefined ? undefined : parseNic(key, text)
  const after = parsed && 'nic' in parsed ? parsed.nic : undefined
  if (before && after && !needsNewDevice(before, after))
    return changeNic(cluster, vm, running, { index, before, after })
  if (before) await unplug(vm, running, index, before)
  // The device is out and stays so even where the new one cannot be put in.
  if (before) delete vm.config[key]
  if (!after) return
  if (after.bridge === undefined) return
  await assertInterface(cluster, vm, after)
  await running.machine.plug(plugOf(vm, index, after))
  running.detached.delete(index)
}

function needsNewDevice(before: NicConfig, after: NicConfig): boolean {
  const shapes = [before, after].map(({ model, mac, queues, mtu, bridge }) => [
    model,
    mac,
    queues,
    mtu,
    bridge === undefined,
  ])
  return JSON.stringify(shapes[0]) !== JSON.stringify(shapes[1])
}

async function unplug(vm: Vm, running: Running, index: number, nic: NicConfig): Promise<void> {
  if (nic.bridge === undefined) return
  if (vm.isBlank || running.isPaused) {
    await sleep(5000)
    throw new Error(`error on hot-unplugging device 'net${index}' - still busy in guest?`)
  }
  await running.machine.unplug(plugOf(vm, index, nic))
}

type NicChange = { index: number; before: NicConfig; after: NicConfig }

async function changeNic(
  cluster: Cluster,
  vm: Vm,
  running: Running,
  { index, before, after }: NicChange,
): Promise<void> {
  // A NIC on no bridge is QEMU's own network of one, which has no device here.
  if (after.bridge === undefined) return
  const { machine } = running
  const isMoved = segmentOf(before) !== segmentOf(after)
  const isReplugged = isMoved || before.firewall !== after.firewall || before.trunks !== after.trunks
  if (isReplugged) {
    if (isMoved) await machine.setLink(index, false)
    if (!running.detached.has(index)) await machine.detach(plugOf(vm, index, before))
    running.detached.add(index)
    await assertInterface(cluster, vm, after)
    await machine.attach(plugOf(vm, index, after))
    running.detached.delete(index)
    if (isMoved) await sleep(150)
  }
  const isLinkChanged = (before.linkDown === true) !== (after.linkDown === true)
  if (isMoved || isLinkChanged) await machine.setLink(index, after.linkDown !== true)
}

async function assertInterface(cluster: Cluster, vm: Vm, nic: NicConfig): Promise<void> {
  const { bridge = '' } = nic
  if (!(await hardwareOf(cluster, vm).hasBridge(bridge))) throw new Error(`interface ${bridge} does not exist`)
  await assertBridge(cluster, vm, nic)
}

// `local:8` asks for a new disk of 8 GiB, `local:cloudinit` for the cloud-init drive.
function allocate(vm: Vm, key: string, value: string): string {
  if (!/^(ide|scsi|sata|virtio)\d+$|^(efidisk0|tpmstate0)$/.test(key)) return value
  const wanted = volumeOf(value)
  const rest = value.split(',').filter((part) => part.includes('=') && !/^(file|volume|import-from|size)=/.test(part))
  if (wanted === `${storageId}:cloudinit`) {
    return [
      `${storageId}:${vm.vmid}/vm-${vm.vmid}-cloudinit.qcow2`,
      ...rest.filter((part) => !part.startsWith('media=')),
      'media=cdrom',
    ].join(',')
  }
  const size = new RegExp(`^${storageId}:(\\d+(?:\\.\\d+)?)$`).exec(wanted)?.[1]
  if (size === undefined) return value
  const number = nextDisk(vm)
  const gigabytes = key === 'efidisk0' ? '4M' : `${Number(size) || 1}G`
  return [`${storageId}:${vm.vmid}/vm-${vm.vmid}-disk-${number}.qcow2`, ...rest, `size=${gigabytes}`].join(',')
}

function nextDisk(vm: Vm): number {
  const used = JSON.stringify([vm.config, [...vm.pending]])
  let number = 0
  while (used.includes(`vm-${vm.vmid}-disk-${number}.`)) number += 1
  return number
}
