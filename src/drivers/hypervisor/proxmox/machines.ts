import type { Target } from '../../../model/target.ts'
import { listResources } from './endpoints/cluster.ts'
import { listVms } from './endpoints/vms.ts'
import { failure } from './transport/error.ts'
import type { Vms } from './vms.ts'

/** What marks a VM as ours. */
export const ourTag = 'firedrill'
/** Of our templates, and of a clone until it is configured. */
export const templateTag = 'firedrill-template'

/** The machines that a connection may touch: those of one lab, by its name with the suffix of its instance. */
export interface OwnMachines {
  name: string
  machines: readonly string[]
}

/** Resolves a machine's name to its VMID before each use. */
export type MachineFinder = (machine: string, signal: AbortSignal) => Promise<number>

/** Attached machines by their declared VMID, others by name `<lab>-<machine>` and tag. Anything else is refused before the first call. */
export function machineFinder(vms: Vms, lab: OwnMachines, attach: Target['attach']): MachineFinder {
  return async (machine, signal) => {
    const declared = attach === undefined ? lab.machines : Object.keys(attach.machines)
    if (!declared.includes(machine)) {
      throw failure(`expected a machine of lab ${lab.name}, came ${machine}`, {
        hint: `its machines are ${declared.join(', ')}`,
      })
    }
    const attached = attach?.machines[machine]
    return attached === undefined ? await vmidOf(vms, `${lab.name}-${machine}`, signal) : attached.vmid
  }
}

async function vmidOf(vms: Vms, name: string, signal: AbortSignal): Promise<number> {
  const { homeNode } = vms
  const here = await namedOn(vms, homeNode, name, signal)
  const named = here.length > 0 ? here : await namedElsewhere(vms, name, signal)
  const [vm, other] = named
  if (vm === undefined) {
    throw failure(`expected a VM named ${name} on node ${homeNode}, came none`, {
      kind: 'vm-missing',
      hint: 'is the lab up, is `node` in the target file right?',
    })
  }
  if (other !== undefined) {
    throw failure(`expected one VM named ${name} on node ${vm.node}, came ${named.length}`, {
      hint: 'rename or remove the other',
    })
  }
  if (!tagsOf(vm.tags).includes(ourTag)) {
    throw failure(`VM ${vm.vmid} (${name}) is not tagged ${ourTag} and is left alone`, {
      hint: 'tag it if it may be powered off by drills',
    })
  }
  vms.moved(vm.vmid, vm.node)
  return vm.vmid
}

async function namedOn({ api }: Vms, node: string, name: string, signal: AbortSignal) {
  const { data } = await api.call(listVms, { node }, signal)
  return data.filter((vm) => vm.name === name).map(({ vmid, tags }) => ({ vmid, tags, node }))
}

/** Names in the cluster's list are some seconds old, so what it points at is read again on its node. */
async function namedElsewhere(vms: Vms, name: string, signal: AbortSignal) {
  const { data } = await vms.api.call(listResources, { type: 'vm' }, signal)
  const nodes = data.flatMap((vm) => (vm.name === name && vm.node !== undefined ? [vm.node] : []))
  const found = []
  for (const node of new Set(nodes)) {
    if (node !== vms.homeNode) found.push(...(await namedOn(vms, node, name, signal)))
  }
  return found
}

/** Tags as a VM's configuration lists them. */
export const tagsOf = (tags: string | undefined): string[] => (tags ?? '').split(/[;, ]+/).filter((tag) => tag !== '')
