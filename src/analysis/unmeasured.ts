import { isMetricName, metricKinds } from '../model/metric.ts'
import type { Measurement } from '../model/result.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Facts } from './facts.ts'
import type { ObservedStep } from './steps.ts'

/** What the scenario wanted to know and nothing could tell: of steps that never began, and of streams that the target cannot carry. */
export function unmeasuredOf(
  facts: Facts,
  { expect, claims }: Scenario,
  steps: readonly ObservedStep[],
): Measurement[] {
  const begun = new Set(steps.map(({ name }) => name))
  const withheld = new Map(facts.of('stream-withheld').map(({ stream, reason }) => [stream, reason]))
  const measured = claims.flatMap((claim) => ('metric' in claim ? [claim] : []))
  const wanted = new Map(
    [...expect, ...measured].map(({ metric, stream }) => [`${metric} ${stream}`, { metric, stream }]),
  )
  return [...wanted.values()].flatMap(({ metric, stream }) => {
    const [step = '', name = ''] = metric.split('.')
    const evidence = begun.has(step) ? (withheld.get(stream) ?? lonely(name, facts)) : 'this step never began'
    if (!isMetricName(name) || evidence === undefined) return []
    return [{ step, metric: name, stream, unit: metricKinds[name].unit, interval: null, evidence }]
  })
}

/** One packet stream has nothing to differ from. */
function lonely(metric: string, facts: Facts): string | undefined {
  const streams = new Set(facts.of('stream-opened').flatMap((one) => (one.class === 'packets' ? [one.stream] : [])))
  return metric === 'asymmetry' && streams.size < 2 ? 'there are no two packet streams to compare' : undefined
}
