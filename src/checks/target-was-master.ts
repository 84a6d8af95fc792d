import { roleAt } from '../analysis/roles.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { RoleTrace } from '../model/result.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'
import { judgeFailovers } from './failovers.ts'

/** Unknown where a fault aimed at `$master` hit a machine that was not seen as master of every VHID when it began. */
export const targetWasMaster: Check = {
  id: 'target-was-master',
  title: 'the fault hit the master',
  because: 'losing the backup is another, far easier drill',
  judge: (analysis) => judgeFailovers(analysis, (step, faultMs) => judgeStep(step, faultMs, analysis.timeline.roles)),
}

function judgeStep({ name, machines }: ObservedStep, faultMs: number, roles: readonly RoleTrace[]): Judgement {
  const seen = roles
    .filter(({ node }) => machines.includes(node))
    .map((trace) => ({ ...trace, state: roleAt(trace, faultMs) }))
  const text = seen.map(({ node, vhid, state }) => `${node} was ${state ?? 'not seen'} of VHID ${vhid}`).join(', ')
  if (seen.length === 0) return unknown(`the role of ${machines.join(', ')} was never read`, name)
  return seen.every(({ state }) => state === 'MASTER') ? pass(text, name) : unknown(text, name)
}
