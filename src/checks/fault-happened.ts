import type { ObservedStep } from '../analysis/steps.ts'
import type { Check, Judgement } from './check.ts'
import { pass, unknown } from './check.ts'

/** Unknown for each step of the scenario that was not carried out, or whose effect nobody saw. */
export const faultHappened: Check = {
  id: 'fault-happened',
  title: 'the fault really happened',
  because: 'a fault without effect proves nothing, and neither does a healing without',
  judge: ({ scenario, steps }) =>
    scenario.steps.map(({ name }) => {
      const step = steps.find((one) => one.name === name)
      return step === undefined ? unknown('the step never began', name) : judgeStep(step)
    }),
}

function judgeStep({ name, action, machines, injectedMs, effect, kind }: ObservedStep): Judgement {
  if (action === 'fault' && machines.length === 0) return unknown('no machine was found to aim at', name)
  if (injectedMs === null) return unknown(`${kind} was never carried out`, name)
  if (effect === null) return unknown(`nobody looked whether ${kind} had an effect`, name)
  if (!effect.proven) return unknown(`${kind} had no proven effect: ${effect.evidence}`, name)
  return pass(`${kind} on ${machines.join(', ')}: ${effect.evidence}`, name)
}
