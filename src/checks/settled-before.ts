import type { Check } from './check.ts'
import { pass, unknown } from './check.ts'

/** Unknown unless the pair was seen settled before the first fault. */
export const settledBefore: Check = {
  id: 'settled-before',
  title: 'the pair was settled before the fault',
  because: 'a drill on a pair that is already broken says nothing about the fault',
  judge({ facts, steps }) {
    const firstStepMs = steps[0]?.startMs ?? Infinity
    const gate = facts.of('gate').findLast(({ phase, atMs }) => phase === 'before' && atMs <= firstStepMs)
    if (gate === undefined) return [unknown('the pair was never looked at before the fault')]
    if (gate.state === 'settled') return [pass('one master and one backup per VHID, nothing demoted')]
    return [unknown(`not settled (${gate.state}): ${gate.unsettled.join('; ')}`)]
  },
}
