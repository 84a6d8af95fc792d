import { HarnessError } from '../../model/failure.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { despiteLocks } from './lock-retry.ts'
import { ownerComment } from './owner.ts'
import type { LabOwner } from './owner.ts'
import { callSignal } from './site.ts'
import type { Site } from './site.ts'
import { taken } from './survey.ts'

/** Takes the lab's lock, its pool. A failure after which the pool bears our own mark was a lost reply: the lab is ours. */
export async function claimPool(site: Site, plan: ProvisioningPlan, owner: LabOwner): Promise<void> {
  const comment = ownerComment(owner)
  const signal = callSignal()
  try {
    await despiteLocks(site.clock, signal, () => site.pools.createPool(plan.pool, comment, signal))
  } catch (error) {
    const found = await site.pools.pool(plan.pool, signal).catch(() => null)
    if (found?.comment === comment) return
    if (found !== null && error instanceof HarnessError && error.kind === 'pool-taken') throw taken(plan, found.comment)
    throw error
  }
  site.progress(`pool ${plan.pool} is ours`)
}
