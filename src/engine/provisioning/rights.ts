import { provisioningCalls } from '../../plan/provisioning/calls.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { missingPrivileges } from '../../plan/provisioning/privileges.ts'
import type { Missing } from '../../plan/provisioning/privileges.ts'
import { rollbackCalls } from '../../plan/provisioning/snapshot-calls.ts'
import { teardownCalls } from '../../plan/provisioning/teardown-calls.ts'
import type { Site } from './site.ts'

/** What the token may not do of all that a lab needs, making and removing it; one line, or none. */
export async function rightRefusals(
  { privileges }: Pick<Site, 'privileges'>,
  plan: ProvisioningPlan,
  templates: Record<string, number>,
  signal: AbortSignal,
): Promise<string[]> {
  const between = plan.rollsBack === true ? rollbackCalls(plan) : []
  const calls = [...provisioningCalls(plan, templates), ...between, ...teardownCalls(plan)]
  const missing = missingPrivileges(calls, await privileges.permissions(signal))
  if (missing.length === 0) return []
  return [`the token lacks ${textOf(missing)}; firedrill doctor prints the lines that grant it`]
}

/** `SDN.Allocate on /sdn and 2 paths more, VM.Clone on /vms/9001` */
function textOf(missing: Missing[]): string {
  const names = [...new Set(missing.flatMap(({ privileges }) => privileges))]
  return names
    .map((name) => {
      const [first, ...more] = missing.filter(({ privileges }) => privileges.includes(name)).map(({ path }) => path)
      return `${name} on ${first}${more.length === 0 ? '' : ` and ${more.length} paths more`}`
    })
    .join(', ')
}
