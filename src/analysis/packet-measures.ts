import { metricKinds } from '../model/metric.ts'
import type { MetricName } from '../model/metric.ts'
import type { Measurement } from '../model/result.ts'
import { evidenceOf } from './packet-evidence.ts'
import { sayMs } from './quantity.ts'
import type { StepTraffic } from './step-traffic.ts'
import { outageOf } from './step-traffic.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence'>

const measures = {
  outage: measureOutage,
  span: measureSpan,
  takeover: measureTakeover,
  lost: (traffic) => counted(traffic, traffic.counts.lost),
  impaired: (traffic) => counted(traffic, traffic.counts.lost + traffic.counts.late),
} as const satisfies Partial<Record<MetricName, (traffic: StepTraffic) => Measured>>

const names = ['outage', 'span', 'takeover', 'lost', 'impaired'] as const

/** Every metric of one packet stream in one step. What cannot be measured says why. */
export function measurePackets(traffic: StepTraffic): Measurement[] {
  return names.map((metric) => ({
    step: traffic.step.name,
    metric,
    stream: traffic.stream.opened.stream,
    unit: metricKinds[metric].unit,
    ...(traffic.unusable === null ? measures[metric](traffic) : { interval: null, evidence: traffic.unusable }),
  }))
}

function measureOutage(traffic: StepTraffic): Measured {
  const { outage, last, widestGapMs, holesMs } = traffic
  const high = last === null ? Math.max(widestGapMs, holesMs) : outage.high + holesMs
  return { interval: { low: outage.low, high }, evidence: evidenceOf(traffic) }
}

function measureSpan(traffic: StepTraffic): Measured {
  const { first, last } = traffic
  if (first === null || last === null) return measureOutage(traffic)
  const whole = { ...first, last: last.last, after: last.after }
  return { interval: outageOf(traffic, whole), evidence: evidenceOf(traffic) }
}

/** From the fault, which happened between sending the command and its acknowledgement, to the recovery of the first episode after it. */
function measureTakeover(traffic: StepTraffic): Measured {
  const { stream, step, afterFault } = traffic
  const fault = step.injectedMs
  if (fault === null) return { interval: null, evidence: 'the recording does not say when the fault happened' }
  const { last, isOver } = afterFault
  const evidence = `command sent and acknowledged within ${sayMs(fault.acked - fault.sent)}; ${evidenceOf(traffic)}`
  const good = last === null ? traffic.goodAfterFault : last.after
  const low = last === null ? 0 : Math.max(0, stream.clock.toRun(last.last.sentMs).low - fault.acked)
  if (good === null || !isOver) {
    return { interval: { low, high: Infinity }, evidence: `no lasting recovery; ${evidence}` }
  }
  const goodMs = good.sentMs + (good.rttMs ?? 0)
  const recoveredMs = last === null ? goodMs : Math.min(goodMs, firstWordMs(last))
  const high = stream.clock.toRun(recoveredMs).high - fault.sent
  return { interval: { low: Math.min(low, high), high }, evidence }
}

/** An answer of any age that came after the last impaired probe was sent shows that the path carried again. */
const firstWordMs = ({ heardAgainMs, last, late }: NonNullable<StepTraffic['last']>): number =>
  late > 0 && heardAgainMs !== null && heardAgainMs > last.sentMs ? heardAgainMs : Infinity

function counted(traffic: StepTraffic, count: number): Measured {
  return { interval: { low: count, high: count }, evidence: evidenceOf(traffic) }
}
