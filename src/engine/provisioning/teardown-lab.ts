import { reasonOf } from '../../model/failure.ts'
import type { SdnVnet, VmSummary } from '../../ports/provisioning.ts'
import {
  aliasOf,
  firstVmidOf,
  machinesPerLab,
  ownTag,
  poolOf,
  templateTag,
  tunnelZoneOf,
  vmNameOf,
  zoneOf,
} from '../../plan/provisioning/names.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { splitLabel } from './label.ts'
import { despiteLocks } from './lock-retry.ts'
import { callSignal } from './site.ts'
import type { Site } from './site.ts'

/** Which lab to take down. No more is needed than its name: everything of it says whose it is. */
export interface TeardownScope {
  /** Name of the instance, like `opnsense-single-wan-i1`. */
  label: string
  instance: number
  firstVmid: number
  isoStorage: string
  /** True where the run that made the lab is over, and may have left the SDN locked. */
  breakLock?: boolean
}

/** What taking a lab down needs of the hypervisor. */
export type TeardownSite = Pick<Site, 'vms' | 'pools' | 'sdn' | 'isos' | 'cluster' | 'clock' | 'progress'>

/** The scope of a lab that was planned. */
export const scopeOf = ({ label, place }: ProvisioningPlan): TeardownScope => ({
  label,
  instance: place.instance,
  firstVmid: place.firstVmid,
  isoStorage: place.isoStorage,
})

/**
 * Removes everything of a lab in reverse order: VMs, discs, networks, and the pool last, so that a lab with anything left can be found
 * again. Goes by what it finds, not by what was planned; goes on after failures. Returns what is left, one line each; nothing there is
 * fine.
 */
export async function teardownLab(site: TeardownSite, scope: TeardownScope): Promise<string[]> {
  const left = [
    ...(await attempt('VMs', () => removeVms(site, scope))),
    ...(await attempt('discs', () => removeDiscs(site, scope))),
    ...(await attempt('networks', () => removeNetworks(site, scope))),
  ]
  if (left.length > 0) return [...left, `pool ${poolOf(scope.label)}, until the rest is gone`]
  return attempt(`pool ${poolOf(scope.label)}`, () => removePool(site, scope))
}

async function attempt(what: string, job: () => Promise<string[]>): Promise<string[]> {
  return job().catch((error: unknown) => [`${what}: ${reasonOf(error)}`])
}

/** One item; null when it is gone, else why not. */
async function removal(
  site: TeardownSite,
  what: string,
  job: (signal: AbortSignal) => Promise<void>,
): Promise<string[]> {
  const signal = callSignal()
  return attempt(what, async () => {
    await despiteLocks(site.clock, signal, () => job(signal))
    site.progress(`${what} is gone`)
    return []
  })
}

async function removeVms(site: TeardownSite, scope: TeardownScope): Promise<string[]> {
  const vms = (await site.vms.list(callSignal())).filter(({ isTemplate }) => !isTemplate)
  const own = vms.filter((vm) => isOwn(vm, scope))
  const strangers = vms.filter((vm) => vm.pool === poolOf(scope.label) && !isOwn(vm, scope))
  const left = await Promise.all(
    own.map(({ vmid, name }) => removal(site, `VM ${vmid} (${name})`, (signal) => site.vms.destroy(vmid, signal))),
  )
  return [...left.flat(), ...strangers.map(({ vmid, name }) => `VM ${vmid} (${name}), which is no machine of this lab`)]
}

/** Ours by pool and name; without a pool, by tags and VMID. A clone joins its pool when it is whole, and is configured after that. */
function isOwn({ vmid, name, tags, pool }: VmSummary, scope: TeardownScope): boolean {
  if (!name.startsWith(vmNameOf(scope.label, ''))) return false
  if (pool !== null) return pool === poolOf(scope.label)
  const first = firstVmidOf(scope)
  const inRange = vmid >= first && vmid < first + machinesPerLab
  const isConfigured = tags.includes(ownTag) && tags.includes(splitLabel(scope.label).lab.toLowerCase())
  return inRange && (isConfigured || tags.includes(templateTag))
}

/** Discs are named after pool and machine. One whose name begins with the longer name of another lab's pool is that lab's. */
async function removeDiscs(site: TeardownSite, scope: TeardownScope): Promise<string[]> {
  const nodes = (await site.cluster.nodes(callSignal())).filter(({ online }) => online)
  const left = await Promise.all(nodes.map(({ node }) => removeDiscsOn(site, scope, node)))
  return left.flat()
}

/** A storage may be each node's own. */
async function removeDiscsOn(
  site: TeardownSite,
  { label, isoStorage }: TeardownScope,
  node: string,
): Promise<string[]> {
  const signal = callSignal()
  const volumes = await site.isos.volumes(isoStorage, signal, node)
  const longer = (await site.pools.pools(signal)).filter(({ id }) => id.startsWith(`${poolOf(label)}-`))
  const own = volumes.filter((volume) => {
    const file = volume.slice(volume.lastIndexOf('/') + 1)
    const isOthers = longer.some(({ id }) => file.startsWith(`${id}-`))
    return file.startsWith(`${poolOf(label)}-`) && file.endsWith('.iso') && !isOthers
  })
  const left = await Promise.all(
    own.map((volume) => removal(site, `disc ${volume}`, (calling) => site.isos.removeVolume(volume, calling, node))),
  )
  return left.flat()
}

async function removeNetworks(site: TeardownSite, scope: TeardownScope): Promise<string[]> {
  const { label, instance, breakLock } = scope
  const left = await removeZone(site, scope, zoneOf(instance))
  // A lock that was broken is not broken twice.
  const rest = { label, instance, firstVmid: scope.firstVmid, isoStorage: scope.isoStorage }
  return [...left, ...(await removeZone(site, left.length > 0 && breakLock ? scope : rest, tunnelZoneOf(instance)))]
}

async function removeZone(site: TeardownSite, scope: TeardownScope, zone: string): Promise<string[]> {
  const signal = callSignal()
  const vnets = await site.sdn.vnets(signal)
  const own = vnets.filter((vnet) => vnet.zone === zone && vnet.alias.startsWith(aliasOf(scope.label, '')))
  const others = vnets.filter((vnet) => vnet.zone === zone && !own.includes(vnet))
  const exists = (await site.sdn.zones(signal)).some((each) => each.zone === zone)
  const isOurs = own.length > 0 || (exists && others.length === 0 && (await isNobodysZone(site, scope)))
  if (!isOurs && (exists || !(await mayHoldLock(site, scope)))) return []
  if (others.length > 0)
    return [`networks ${namesOf(own)}: zone ${zone} also has ${namesOf(others)}, which is not ours`]
  const removed = { zone, vnets: own.map(({ vnet }) => vnet) }
  const options = scope.breakLock === undefined ? {} : { breakLock: scope.breakLock }
  return removal(site, `zone ${zone} (${namesOf(own) || 'empty'})`, (calling) =>
    site.sdn.remove(removed, calling, options),
  )
}

/** A run that was killed before its first network was there may have left the SDN locked all the same. */
async function mayHoldLock(site: TeardownSite, { label, breakLock }: TeardownScope): Promise<boolean> {
  return breakLock === true && (await site.pools.pool(poolOf(label), callSignal())) !== null
}

function namesOf(vnets: SdnVnet[]): string {
  return vnets.map(({ vnet }) => vnet).join(', ')
}

/** An empty zone bears no mark. It is ours unless another lab of the same instance number is just being made. */
async function isNobodysZone(site: TeardownSite, { label, instance }: TeardownScope): Promise<boolean> {
  const pools = await site.pools.pools(callSignal())
  return !pools.some(({ id }) => {
    if (!id.startsWith(poolOf('')) || id === poolOf(label)) return false
    return splitLabel(id.slice(poolOf('').length)).instance === instance
  })
}

async function removePool(site: TeardownSite, { label }: TeardownScope): Promise<string[]> {
  const pool = poolOf(label)
  if ((await site.pools.pool(pool, callSignal())) === null) return []
  return removal(site, `pool ${pool}`, (signal) => site.pools.removePool(pool, signal))
}
