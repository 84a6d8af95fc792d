import type { Analysis } from '../analysis/analyse.ts'
import { roleSeenBy } from '../analysis/roles.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'
import { judgeFailovers } from './failovers.ts'

/** Unknown where a fault aimed at `$master` hit a machine that was not seen as master of every VHID when it began. */
export const targetWasMaster: Check = {
  id: 'target-was-master',
  title: 'the fault hit the master',
  because: 'losing the backup is another, far easier drill',
  judge: (analysis) => judgeFailovers(analysis, (step, faultMs) => judgeStep(step, faultMs, analysis)),
}

function judgeStep({ name, machines }: ObservedStep, faultMs: number, { facts, timeline }: Analysis): Judgement {
  const seen = timeline.roles
    .filter(({ node }) => machines.includes(node))
    .map(({ node, vhid }) => ({ node, vhid, state: roleSeenBy(facts, node, vhid, faultMs) }))
  const text = seen.map(({ node, vhid, state }) => `${node} was ${state ?? 'not seen'} of VHID ${vhid}`).join(', ')
  if (seen.length === 0) return unknown(`the role of ${machines.join(', ')} was never read`, name)
  return seen.every(({ state }) => state === 'MASTER') ? pass(text, name) : unknown(text, name)
}
