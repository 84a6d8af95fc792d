import type { Measurement } from '../model/result.ts'
import type { Facts } from './facts.ts'
import type { ObservedStep } from './steps.ts'

/** When a change of the configuration was seen at the peer, from its writing on: a bracket between the last look without it and the first with it. */
export function measureArrivals(facts: Facts, steps: readonly ObservedStep[]): Measurement[] {
  return steps.flatMap(({ name, injectedMs }): Measurement[] => {
    const looks = facts.of('config-seen').filter(({ step }) => step === name)
    const [first] = looks
    if (first === undefined || injectedMs === null) return []
    const about = { step: name, metric: 'configReached', stream: 'pair', unit: 'ms' } as const
    const seen = looks.find(({ isThere }) => isThere === true)
    const before = looks.findLast(({ isThere, sentMs }) => isThere === false && sentMs < (seen?.sentMs ?? Infinity))
    const low = Math.max(0, (before?.sentMs ?? 0) - injectedMs.acked)
    if (seen !== undefined) {
      const evidence = `${seen.node} has the change that was written at ${Math.round(injectedMs.sent)} ms`
      return [{ ...about, interval: { low, high: seen.ackedMs - injectedMs.sent }, evidence }]
    }
    if (before === undefined)
      return [{ ...about, interval: null, evidence: `${first.node} never told whether it has the change` }]
    const evidence = `${first.node} had not got the change when it was last looked for, ${Math.round(low)} ms after it was written`
    return [{ ...about, interval: { low, high: Infinity }, evidence }]
  })
}
