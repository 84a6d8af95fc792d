import { metricKinds } from '../model/metric.ts'
import type { MetricName } from '../model/metric.ts'
import type { Measurement } from '../model/result.ts'
import { plural, sayMs } from './quantity.ts'
import type { StepTraffic } from './step-traffic.ts'
import { firstEpisode, outageOf, trafficIn } from './step-traffic.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence'>

const measures = {
  outage: measureOutage,
  span: measureSpan,
  takeover: measureTakeover,
  lost: (traffic) => countProbes(traffic, ({ lost }) => lost),
  impaired: (traffic) => countProbes(traffic, ({ impaired }) => impaired),
} as const satisfies Partial<Record<MetricName, (traffic: StepTraffic) => Measured>>

const names = ['outage', 'span', 'takeover', 'lost', 'impaired'] as const

/** Every metric of one packet stream in one step. What cannot be measured says why. */
export function measurePackets(stream: Stream, step: ObservedStep): Measurement[] {
  const traffic = trafficIn(stream, step)
  return names.map((metric) => ({
    step: step.name,
    metric,
    stream: stream.opened.stream,
    unit: metricKinds[metric].unit,
    ...(traffic.unusable === null ? measures[metric](traffic) : { interval: null, evidence: traffic.unusable }),
  }))
}

function measureOutage(traffic: StepTraffic): Measured {
  const { windows, widestGapMs, holesMs } = traffic
  const brackets = windows.map((window) => outageOf(traffic, window))
  const high = windows.length === 0 ? Math.max(widestGapMs, holesMs) : sum(brackets.map((one) => one.high)) + holesMs
  return { interval: { low: sum(brackets.map((one) => one.low)), high }, evidence: evidenceOf(traffic) }
}

function measureSpan(traffic: StepTraffic): Measured {
  const [first, last] = [traffic.windows.at(0), traffic.windows.at(-1)]
  if (first === undefined || last === undefined) return measureOutage(traffic)
  const whole = { ...first, last: last.last, after: last.after }
  return { interval: outageOf(traffic, whole), evidence: evidenceOf(traffic) }
}

/** From the fault, which happened between sending the command and its acknowledgement, to the recovery of the first episode after it. */
function measureTakeover(traffic: StepTraffic): Measured {
  const { stream, step, probes } = traffic
  const fault = step.injectedMs
  if (fault === null) return { interval: null, evidence: 'the recording does not say when the fault happened' }
  const { windows, isOver } = firstEpisode(traffic, fault.sent)
  const evidence = `command sent and acknowledged within ${sayMs(fault.acked - fault.sent)}; ${evidenceOf(traffic)}`
  const last = windows.at(-1)
  const good = last === undefined ? probes.find(({ runMs }) => runMs > fault.acked) : last.after
  const low = last === undefined ? 0 : Math.max(0, stream.clock.toRun(last.last.sentMs).low - fault.acked)
  if (good === undefined || good === null || !isOver) {
    return { interval: { low, high: Infinity }, evidence: `no lasting recovery; ${evidence}` }
  }
  const high = stream.clock.toRun(good.sentMs + (good.rttMs ?? 0)).high - fault.sent
  return { interval: { low: Math.min(low, high), high }, evidence }
}

function countProbes(traffic: StepTraffic, of: (counts: { lost: number; impaired: number }) => number): Measured {
  const count = of(countsOf(traffic))
  return { interval: { low: count, high: count }, evidence: evidenceOf(traffic) }
}

function evidenceOf(traffic: StepTraffic): string {
  const { stream, windows, probes } = traffic
  const { lost, late } = countsOf(traffic)
  const rate = `${Math.round(1000 / stream.opened.everyMs)}/s`
  if (windows.length === 0) return `all ${probes.length} probes at ${rate} answered in time`
  const fromMs = traffic.step.injectedMs?.sent ?? traffic.step.startMs
  const spans = windows
    .slice(0, 3)
    .map(({ first, last }) => `${instant(first.runMs - fromMs)} to ${instant(last.runMs - fromMs)}`)
  const more = windows.length > 3 ? ` and ${windows.length - 3} more` : ''
  const lateText = late === 0 ? '' : `, ${late} later than ${sayMs(stream.thetaMs)}`
  const open = windows.at(-1)?.after === null ? ', not over when the step ended' : ''
  return `${lost} of ${rate} lost${causesOf(probes)}${lateText}, ${plural(windows.length, 'window')} ${spans.join(', ')}${more}${open}`
}

function causesOf(probes: StepTraffic['probes']): string {
  const causes = [...new Set(probes.flatMap(({ cause }) => cause ?? []))]
  const shown = causes.length > 3 ? [...causes.slice(0, 3), `${causes.length - 3} more`] : causes
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`
}

function countsOf({ probes }: StepTraffic): { lost: number; impaired: number; late: number } {
  const late = probes.filter((probe) => probe.class === 'late').length
  const impaired = probes.filter((probe) => probe.class !== 'ok').length
  return { lost: impaired - late, impaired, late }
}

const instant = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
