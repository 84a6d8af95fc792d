import { HarnessError, exitCodes, reasonOf } from '../../model/failure.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { keptTag } from '../../plan/provisioning/names.ts'
import { claimPool } from './claim.ts'
import { despiteLocks } from './lock-retry.ts'
import { startChains } from './machine-chain.ts'
import type { LabOwner } from './owner.ts'
import { callSignal } from './site.ts'
import type { Access, Site } from './site.ts'
import { surveyCluster } from './survey.ts'
import { scopeOf, teardownLab } from './teardown-lab.ts'

/** A lab that is there and answers. */
export interface ProvisionedLab {
  /** Name of the instance; the name that the drivers know its VMs' names by. */
  label: string
  machines: Access
  vmids: Record<string, number>
}

/**
 * Makes a lab: survey (refusals, nothing created), claim of the pool, then networks and machines side by side. When anything fails, or
 * the signal aborts, everything is torn down again before the error is thrown; what could not be is named in it (exit 75).
 * `access`: machines whose SSH is known beforehand. `isKept`: it outlives this process, and is no orphan then.
 */
export async function provisionLab(
  site: Site,
  plan: ProvisioningPlan,
  { owner, access, isKept = false }: { owner: LabOwner; access: Access; isKept?: boolean },
  signal: AbortSignal,
): Promise<ProvisionedLab> {
  const { templates } = await surveyCluster(site, plan, access, signal)
  signal.throwIfAborted()
  await claimPool(site, plan, owner)
  try {
    const lab = await build(site, plan, templates, access, signal)
    if (isKept) await markKept(site, plan)
    return lab
  } catch (error) {
    throw await undone(site, plan, error)
  }
}

async function build(
  site: Site,
  plan: ProvisioningPlan,
  templates: Record<string, number>,
  access: Access,
  signal: AbortSignal,
): Promise<ProvisionedLab> {
  const stop = new AbortController()
  const first: { error?: unknown } = {}
  const noted = async <T>(job: Promise<T>): Promise<T> => {
    try {
      return await job
    } catch (error) {
      first.error ??= error
      stop.abort(error)
      throw error
    }
  }
  const inner = AbortSignal.any([signal, stop.signal])
  const networks = noted(makeNetworks(site, plan))
  const chains = startChains(site, plan, { templates, access, networks }, inner).map(noted)
  const [, ...ends] = await Promise.allSettled([networks, ...chains])
  signal.throwIfAborted()
  if (stop.signal.aborted) throw first.error
  const located = ends.flatMap((end) => (end.status === 'fulfilled' && end.value !== undefined ? [end.value] : []))
  return {
    label: plan.label,
    machines: Object.fromEntries(located.map(({ machine, ssh }) => [machine, { ssh }])),
    vmids: Object.fromEntries(located.map(({ machine, vmid }) => [machine, vmid])),
  }
}

async function makeNetworks(site: Site, plan: ProvisioningPlan): Promise<void> {
  for (const step of plan.steps) {
    if (step.kind !== 'networks') continue
    const signal = callSignal()
    await despiteLocks(site.clock, signal, () => site.sdn.create({ zone: step.zone, vnets: step.vnets }, signal))
    site.progress(`networks ${step.vnets.map(({ vnet }) => vnet).join(', ')} are up`)
  }
}

/** Last of all, so that a lab that was killed half-way is an orphan although it was meant to be kept. */
async function markKept(site: Site, { steps }: ProvisioningPlan): Promise<void> {
  const first = steps.find((step) => step.kind === 'configure')
  if (first?.kind !== 'configure') return
  const signal = callSignal()
  const tags = `${first.settings['tags'] ?? ''};${keptTag}`
  await despiteLocks(site.clock, signal, () => site.vms.configure(first.vmid, { tags }, signal))
}

async function undone(site: Site, plan: ProvisioningPlan, error: unknown): Promise<unknown> {
  site.progress(`${reasonOf(error)}; taking down what was made`)
  const left = await teardownLab(site, scopeOf(plan)).catch((cause: unknown) => [reasonOf(cause)])
  if (left.length === 0) return error
  return new HarnessError(`${reasonOf(error)}; left on the cluster: ${left.join('; ')}`, {
    exitCode: exitCodes.leftToUndo,
    hint: `firedrill lab down ${plan.label} tries again`,
    cause: error,
  })
}
