import type { Interval } from '../../../../src/model/interval.ts'
import type { Result } from '../../../../src/model/result.ts'
import type { Scenario } from '../../../../src/model/scenario.ts'
import { probes } from '../../../../src/probes/index.ts'
import type { CutRow } from '../rows.ts'

/** A stream of the kind at each of the intervals, as a scenario would have it. */
export function streamsOf(kind: string, everyMs: readonly number[]): Scenario['probes'] {
  const probe = probes[kind]
  if (probe === undefined) throw new Error(`no probe of kind ${kind}`)
  const paramsOf = (every: number) => probe.params.parse({ from: 'client', to: 'target', every: `${every}ms` })
  return Object.fromEntries(everyMs.map((every) => [nameOf(every), { kind, params: paramsOf(every) }]))
}

const nameOf = (everyMs: number): string => `t${everyMs}`

/** What the report says of the cut with this index, as the stream with this interval saw it; that the machine stood still is not looked for. */
export function rowOf(
  { measurements, timeline }: Result,
  { truth, index, every, boundMs }: { truth: Interval; index: number; every: number; boundMs: number },
): CutRow {
  const of = (metric: string) =>
    measurements.find((one) => one.step === `cut-${index}` && one.stream === nameOf(every) && one.metric === metric)
  const outage = of('outage')
  return {
    everyMs: every,
    truth,
    said: outage?.interval ?? null,
    lost: of('lost')?.interval?.high ?? 0,
    impaired: of('impaired')?.interval?.high ?? 0,
    evidence: outage?.evidence ?? 'not measured',
    thetaMs: timeline.streams.find(({ name }) => name === nameOf(every))?.thetaMs ?? 0,
    clockBoundMs: boundMs,
    standstillMs: 0,
  }
}
