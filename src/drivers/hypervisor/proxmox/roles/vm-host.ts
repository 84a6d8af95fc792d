import { listNodes, listResources } from '../endpoints/cluster.ts'
import { stopVm } from '../endpoints/power.ts'
import { cloneVm, createVm, destroyVm, listVms, readConfig, settingsOf } from '../endpoints/vms.ts'
import type { BlankVm, NewVm, VmHost, VmSummary } from '../../../../ports/provisioning.ts'
import { ourTag, tagsOf, templateTag } from '../machines.ts'
import { failure, isKind } from '../transport/error.ts'
import { createGate, createKeyedGate } from '../transport/gate.ts'
import type { Vms } from '../vms.ts'
import { configure, sendable } from './configuration.ts'
import { breakStaleLock } from './stale-lock.ts'

/** Storage and cluster locks make more clones at once fail. */
const clonesAtOnce = 2
const longLimitMs = 30 * 60_000

/** VMs of the lab, by VMID. */
export function vmHostOf(vms: Vms): VmHost {
  const clone = clonerOf(vms)
  return {
    list: async (signal) => await list(vms, signal),
    clone,
    create: async (vm, signal) => await create(vms, vm, signal),
    configuration: async (vmid, signal) => await configuration(vms, vmid, signal),
    configure: async (vmid, settings, signal) =>
      await vms.change(vmid, (node) => configure(vms.api, { node, vmid }, settings, signal), signal),
    destroy: async (vmid, signal) => await destroy(vms, vmid, signal),
  }
}

/** The cluster's list knows nodes and pools at once, but names and states late; each node's own list is right. */
async function list({ api }: Vms, signal: AbortSignal): Promise<VmSummary[]> {
  const { data: resources } = await api.call(listResources, { type: 'vm' }, signal)
  const { data: nodes } = await api.call(listNodes, {}, signal)
  const online = nodes.filter(({ status }) => status === 'online').map(({ node }) => node)
  const details = await Promise.all(online.map((node) => listOn(api, node, signal)))
  const exact = new Map(details.flat().map((vm) => [vm.vmid, vm]))
  return resources.flatMap((vm): VmSummary[] => {
    if (vm.type !== 'qemu' || vm.vmid === undefined || vm.node === undefined) return []
    const known = exact.get(vm.vmid) ?? vm
    const summary = { name: known.name ?? '', tags: tagsOf(known.tags), isTemplate: known.template }
    return [{ vmid: vm.vmid, node: vm.node, pool: vm.pool ?? null, ...summary, status: statusOf(known.status) }]
  })
}

async function listOn(api: Vms['api'], node: string, signal: AbortSignal) {
  try {
    return (await api.call(listVms, { node }, signal)).data
  } catch (thrown) {
    // A node that is down or frozen: what the cluster knows of its VMs has to do.
    if (isKind(thrown, 'node-unreachable', 'lost-reply')) return []
    throw thrown
  }
}

const statusOf = (status: string | undefined) => (status === 'running' || status === 'stopped' ? status : 'unknown')

/** Of one template at most one clone has no UPID yet, so that one whose reply is lost can be told from the others. */
function clonerOf(vms: Vms): VmHost['clone'] {
  const places = createGate(clonesAtOnce)
  const templates = createKeyedGate()
  const begin = async (node: string, vm: NewVm, signal: AbortSignal) => {
    const { template: vmid, vmid: newid, name, pool, storage } = vm
    const leave = await templates.enter(vmid, signal)
    const full = storage === null ? { full: false } : { full: true, storage }
    try {
      const target = vm.node === undefined || vm.node === node ? {} : { target: vm.node }
      return (await vms.tasks.begin(cloneVm, { node, vmid, newid, name, pool, ...full, ...target }, signal)).data
    } finally {
      leave()
    }
  }
  const run = async (node: string, vm: NewVm, signal: AbortSignal) => {
    const upid = await begin(node, vm, signal)
    await vms.tasks.finish(`clone of template ${vm.template} to VM ${vm.vmid}`, upid, longLimitMs, signal)
    vms.moved(vm.vmid, vm.node ?? node)
  }
  return async (vm, signal) => {
    const leave = await places.enter(signal)
    try {
      await vms.change(vm.vmid, () => vms.at(vm.template, (node) => run(node, vm, signal), signal), signal)
    } finally {
      leave()
    }
  }
}

async function create(vms: Vms, { vmid, name, pool, node = vms.homeNode, settings }: BlankVm, signal: AbortSignal) {
  const parameters = { ...sendable(settings), node, vmid, name, pool }
  await vms.change(vmid, () => vms.tasks.run(createVm, parameters, signal, { limitMs: longLimitMs }), signal)
  vms.moved(vmid, node)
}

async function configuration(vms: Vms, vmid: number, signal: AbortSignal): Promise<Record<string, string>> {
  const { data } = await vms.at(vmid, (node) => vms.api.call(readConfig, { node, vmid }, signal), signal)
  const { digest: _, ...settings } = settingsOf(data)
  return settings
}

async function destroy(vms: Vms, vmid: number, signal: AbortSignal): Promise<void> {
  const vm = (await list(vms, signal)).find((one) => one.vmid === vmid)
  if (vm === undefined) return
  refuseForeign(vm)
  vms.moved(vmid, vm.node)
  try {
    await vms.change(vmid, (node) => remove(vms, { ...vm, node }, signal), signal)
  } catch (thrown) {
    if (!isKind(thrown, 'vm-missing')) throw thrown
  }
}

async function remove(vms: Vms, { vmid, node, status }: VmSummary, signal: AbortSignal): Promise<void> {
  const vm = { node, vmid }
  const limit = { limitMs: longLimitMs }
  const destroyOnce = async () =>
    await vms.tasks.run(destroyVm, { ...vm, purge: true, 'destroy-unreferenced-disks': true }, signal, limit)
  if (status !== 'stopped') await vms.tasks.run(stopVm, { ...vm, 'overrule-shutdown': true }, signal)
  try {
    await destroyOnce()
  } catch (thrown) {
    if (!isKind(thrown, 'locked') || !(await breakStaleLock(vms.api, vm, signal))) throw thrown
    await destroyOnce()
  }
}

/** A clone joins its pool when it is whole; one whose maker died before bears its template's tag only. */
function refuseForeign({ vmid, name, tags, pool, isTemplate }: VmSummary): void {
  if (tags.includes(ourTag) || pool?.startsWith(`${ourTag}-`)) return
  if (tags.includes(templateTag) && !isTemplate) return
  throw failure(`VM ${vmid} (${name}) is neither tagged ${ourTag} nor in a pool of ours and is left alone`, {
    kind: 'protected',
    hint: 'delete it by hand if it is not wanted',
  })
}
