import { firstVmidOf, keptTag, machinesPerLab, ownTag, poolOf, vmNameOf } from '../../plan/provisioning/names.ts'
import type { VmSummary } from '../../ports/provisioning.ts'
import { splitLabel } from './label.ts'
import { readOwner } from './owner.ts'
import type { LabOwner } from './owner.ts'
import type { TeardownSite } from './teardown-lab.ts'

/** Whether the process that made a lab still runs; `unknown` where it ran on another machine. */
export type Liveness = 'alive' | 'dead' | 'unknown'

/** A lab without a living owner. `unknown`: nobody here can tell, so it is only named. */
export interface Orphan {
  label: string
  instance: number
  owner: LabOwner | null
  liveness: 'dead' | 'unknown'
}

/**
 * Labs on the cluster that a lost run left: by pool, and where there is no pool by the marks of VMs and vnets. Labs that are kept on
 * purpose are none.
 */
export async function findOrphans(
  site: Pick<TeardownSite, 'vms' | 'pools' | 'sdn'>,
  firstVmid: number,
  livenessOf: (owner: LabOwner) => Promise<Liveness>,
  signal: AbortSignal,
): Promise<Orphan[]> {
  const pools = (await site.pools.pools(signal)).filter(({ id }) => id.startsWith(poolOf('')))
  const vms = await site.vms.list(signal)
  const claimed = await Promise.all(
    pools.map(async ({ id, comment }): Promise<Orphan[]> => {
      const label = id.slice(poolOf('').length)
      const owner = readOwner(comment)
      const isKept = vms.some((vm) => vm.pool === id && vm.tags.includes(keptTag))
      const liveness = owner === null ? 'unknown' : await livenessOf(owner)
      return isKept || liveness === 'alive' ? [] : [{ label, instance: splitLabel(label).instance, owner, liveness }]
    }),
  )
  const labels = pools.map(({ id }) => id.slice(poolOf('').length))
  const marked = [...markedVms(vms, firstVmid), ...(await markedVnets(site, signal))]
  const loose = [...new Set(marked)].filter((label) => !labels.includes(label))
  return [
    ...claimed.flat(),
    ...loose.map((label) => ({ label, instance: splitLabel(label).instance, owner: null, liveness: 'dead' as const })),
  ]
}

/** Labels of VMs that bear our tags but are in no pool. The tag is the lab's name in lower case; the VM's name has it as it was. */
function markedVms(vms: VmSummary[], firstVmid: number): string[] {
  return vms.filter(({ pool, isTemplate }) => pool === null && !isTemplate).flatMap((vm) => labelOf(vm, firstVmid))
}

function labelOf({ vmid, name, tags }: VmSummary, firstVmid: number): string[] {
  const instance = Math.floor((vmid - firstVmid) / machinesPerLab)
  if (!tags.includes(ownTag) || vmid < firstVmidOf({ firstVmid, instance: 0 })) return []
  return tags
    .filter((tag) => tag !== ownTag && tag !== keptTag)
    .map((tag) => (instance === 0 ? name.slice(0, tag.length) : `${name.slice(0, tag.length)}-i${instance}`))
    .filter((label) => name.startsWith(vmNameOf(label, '')))
}

async function markedVnets(site: Pick<TeardownSite, 'sdn'>, signal: AbortSignal): Promise<string[]> {
  const vnets = await site.sdn.vnets(signal)
  return vnets.flatMap(({ alias }) => /^firedrill (\S+) \S+$/.exec(alias)?.[1] ?? [])
}
