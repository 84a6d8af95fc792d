import type { Measurement } from '../model/result.ts'
import type { Facts } from './facts.ts'
import type { ObservedStep } from './steps.ts'

const share = 0.95

/**
 * How long the other firewall's answers took over the network of state sync: the 95th percentile of all that were asked for, by nearest rank. One that never came took
 * longer than any.
 */
export function measureRoundTrips(facts: Facts, steps: readonly ObservedStep[]): Measurement[] {
  return steps.flatMap(({ name }): Measurement[] => {
    const asked = facts.of('round-trips').filter(({ step }) => step === name)
    const rttsMs = asked.flatMap((one) => one.rttsMs).toSorted((one, other) => one - other)
    const sent = asked.reduce((sum, one) => sum + one.sent, 0)
    const [first] = asked
    if (first === undefined || sent === 0) return []
    const longest = rttsMs.at(-1) ?? 0
    const value = rttsMs[Math.ceil(share * sent) - 1]
    const said = rttsMs.length === 0 ? '' : `, ${sayShape(rttsMs)}`
    return [
      {
        step: name,
        metric: 'syncLatency',
        stream: 'pair',
        unit: 'ms',
        interval: value === undefined ? { low: longest, high: Infinity } : { low: value, high: value },
        evidence: `${first.node} asked ${first.address} ${sent} times and had ${rttsMs.length} answers${said}`,
      },
    ]
  })
}

const sayShape = (sorted: readonly number[]): string => {
  const [least, median, most] = [sorted[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)]
  return `least ${least} ms, median ${median} ms, most ${most} ms`
}
