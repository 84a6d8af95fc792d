import type { Analysis } from '../analysis/analyse.ts'
import { roleAt } from '../analysis/roles.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** Unknown where a fault aimed at `$master` hit a machine that was not seen as master of every VHID when it began. */
export const targetWasMaster: Check = {
  id: 'target-was-master',
  title: 'the fault hit the master',
  because: 'losing the backup is another, far easier drill',
  judge(analysis) {
    const aimed = failoversOf(analysis)
    return aimed.length === 0 ? [pass('no step aims at $master')] : aimed.map((step) => judgeStep(step, analysis))
  },
}

/** The faults aimed at `$master`: those after which another node has to take over. */
export const failoversOf = ({ steps }: Analysis): ObservedStep[] =>
  steps.filter(({ action, ref }) => action === 'fault' && (ref?.split(', ') ?? []).includes('$master'))

function judgeStep({ name, injectedMs, machines }: ObservedStep, { timeline }: Analysis): Judgement {
  if (injectedMs === null) return unknown('the fault never began', name)
  const seen = timeline.roles
    .filter(({ node }) => machines.includes(node))
    .map((trace) => ({ ...trace, state: roleAt(trace, injectedMs.sent) }))
  const text = seen.map(({ node, vhid, state }) => `${node} was ${state ?? 'not seen'} of VHID ${vhid}`).join(', ')
  if (seen.length === 0) return unknown(`the role of ${machines.join(', ')} was never read`, name)
  return seen.every(({ state }) => state === 'MASTER') ? pass(text, name) : unknown(text, name)
}
