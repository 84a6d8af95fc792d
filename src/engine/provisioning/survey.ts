import { HarnessError, exitCodes } from '../../model/failure.ts'
import type { VmSummary } from '../../ports/provisioning.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { ownTag } from '../../plan/provisioning/names.ts'
import { ownerText } from './owner.ts'
import { rightRefusals } from './rights.ts'
import type { Access, Site } from './site.ts'

/** What provisioning has to know of the cluster: VMIDs of the templates by name. */
export interface Survey {
  templates: Record<string, number>
}

/** Looks at the cluster without changing it, and refuses (exit 69, one line each) where the lab cannot be made. */
export async function surveyCluster(
  site: Site,
  plan: ProvisioningPlan,
  access: Access,
  signal: AbortSignal,
): Promise<Survey> {
  const healthy = await clusterRefusals(site, plan, signal)
  if (healthy.length > 0) throw refusal(healthy)
  const owned = await site.pools.pool(plan.pool, signal)
  if (owned !== null) throw taken(plan, owned.comment)
  const vms = await site.vms.list(signal)
  const templates = Object.fromEntries(vms.filter(({ isTemplate }) => isTemplate).map(({ name, vmid }) => [name, vmid]))
  const refusals = [
    ...(await rightRefusals(site, plan, templates, signal)),
    ...templateRefusals(plan, templates),
    ...vmRefusals(plan, vms),
    ...(await networkRefusals(site, plan, signal)),
    ...accessRefusals(plan, access),
  ]
  if (refusals.length > 0) throw refusal(refusals)
  return { templates }
}

/** The refusal of a lab that somebody else has. */
export function taken({ label, pool }: ProvisioningPlan, comment: string): HarnessError {
  return new HarnessError(`lab ${label} is taken: pool ${pool} was made by ${ownerText(comment)}`, {
    exitCode: exitCodes.unavailable,
    kind: 'pool-taken',
    hint: `wait, end it with firedrill lab down ${label}, or run beside it with --instance 1`,
  })
}

function refusal(lines: string[]): HarnessError {
  return new HarnessError(lines.join('\n'), { exitCode: exitCodes.unavailable, hint: 'nothing was created' })
}

async function clusterRefusals(site: Site, { lab, place }: ProvisioningPlan, signal: AbortSignal): Promise<string[]> {
  const { name, quorate } = await site.cluster.cluster(signal)
  const nodes = await site.cluster.nodes(signal)
  const node = nodes.find((each) => each.node === place.node)
  const names = nodes.map((each) => each.node).join(', ')
  return [
    ...(quorate ? [] : [`cluster ${name} has no quorum, so nothing can be created; bring its other nodes back first`]),
    ...(node === undefined
      ? [`expected node ${place.node} in cluster ${name}, which has ${names}; correct "node" in the target file`]
      : []),
    ...(node?.online === false ? [`node ${place.node} of cluster ${name} is offline`] : []),
    ...secondNodeRefusals(lab, place, names),
  ]
}

function secondNodeRefusals(lab: ProvisioningPlan['lab'], place: ProvisioningPlan['place'], names: string): string[] {
  const machine = Object.keys(lab.machines).find((name) => lab.machines[name]?.node === 2)
  if (machine === undefined || place.secondNode !== undefined) return []
  return [`machine ${machine} lives on a second node: expected one that is online beside ${place.node}, got ${names}`]
}

function templateRefusals(plan: ProvisioningPlan, templates: Record<string, number>): string[] {
  const wanted = new Set(plan.steps.flatMap((step) => (step.kind === 'clone' ? [step.template] : [])))
  return [...wanted]
    .filter((name) => !Object.hasOwn(templates, name))
    .map((name) => `expected a VM template named ${name}, found none; lab/build makes it`)
}

function vmRefusals(plan: ProvisioningPlan, vms: VmSummary[]): string[] {
  return plan.steps.flatMap((step) => {
    const other = step.kind === 'clone' ? vms.find(({ vmid }) => vmid === step.vmid) : undefined
    if (other === undefined) return []
    const advice = other.tags.includes(ownTag)
      ? 'firedrill lab down --orphans'
      : 'choose another firstVmid or --instance'
    return [`VMID ${other.vmid} belongs to VM ${other.name}, which is not of this lab; ${advice}`]
  })
}

async function networkRefusals(site: Site, plan: ProvisioningPlan, signal: AbortSignal): Promise<string[]> {
  const steps = plan.steps.filter((step) => step.kind === 'networks')
  const zones = await site.sdn.zones(signal)
  const vnets = await site.sdn.vnets(signal)
  const inTheWay = zones.filter(({ zone }) => steps.some((step) => step.zone.zone === zone))
  return [
    ...inTheWay.map(({ zone }) => `SDN zone ${zone} is there already; firedrill lab down --orphans, or --instance`),
    ...steps
      .flatMap((step) => step.vnets)
      .flatMap(({ vnet }) => {
        const other = vnets.find((each) => each.vnet === vnet)
        return other === undefined
          ? []
          : [`vnet ${vnet} is there already (${other.alias || 'no alias'}); choose --instance`]
      }),
  ]
}

function accessRefusals({ lab }: ProvisioningPlan, access: Access): string[] {
  if (lab.management !== undefined) return []
  return Object.keys(lab.machines)
    .filter((machine) => !Object.hasOwn(access, machine))
    .map(
      (machine) =>
        `machine ${machine} cannot be reached: give the lab a management network, or the target file its ssh entry`,
    )
}
