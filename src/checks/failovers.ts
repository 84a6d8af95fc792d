import type { Analysis } from '../analysis/analyse.ts'
import type { ObservedStep } from '../analysis/steps.ts'
import type { Lab } from '../model/lab.ts'
import type { Step } from '../model/scenario.ts'
import type { Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** Judges every step that takes `$master` down, by the scenario's own word: after these another node has to take over. */
export function judgeFailovers(
  { scenario, lab, steps }: Analysis,
  judge: (step: ObservedStep, faultMs: number) => Judgement,
): Judgement[] {
  const aimed = scenario.steps.filter((step) => aimsAtMaster(step, lab))
  if (aimed.length === 0) return [pass('no step aims at $master')]
  return aimed.map(({ name }) => {
    const step = steps.find((one) => one.name === name)
    if (step === undefined || step.injectedMs === null) return unknown('the fault never began', name)
    if (step.ref === null || step.machines.length === 0) return unknown('nobody recorded who $master was', name)
    return judge(step, step.injectedMs.sent)
  })
}

/** Faults that leave the master what it is; whether a silent bulk update takes it down depends on the product. */
const harmless = new Set(['clock-step', 'config-change', 'pfsync-bulk-silent', 'service-hang', 'service-stop'])

/** A fault between two firewalls takes neither of them down, and neither does one on the network of state sync, where no VHID is on that. */
function aimsAtMaster({ fault }: Step, { pair: { stateSync, vips } }: Lab): boolean {
  if (fault === undefined || harmless.has(fault.kind)) return false
  const { on, network } = fault.params
  const isOnSync = network !== undefined && network === stateSync?.network
  return [on].flat().includes('$master') && !(isOnSync && vips.every((vip) => vip.network !== network))
}
