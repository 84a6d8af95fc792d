import { crossCheck } from './arrivals.ts'
import type { Window } from './outage.ts'
import { plural, sayMs } from './quantity.ts'
import type { StepTraffic } from './step-traffic.ts'
import { outageOf } from './step-traffic.ts'

/** So many windows are named one by one where the traffic recovered at once, and where it came and went. */
const namedWindows = 3
const namedFlaps = 20

/** What a packet stream saw in a step, as one line of facts: probes, windows, and what makes counting losses misleading. */
export function evidenceOf(traffic: StepTraffic): string {
  const { stream, counts, last } = traffic
  const rate = `${Math.round(1000 / stream.opened.everyMs)}/s`
  const probes =
    last === null
      ? `all ${counts.probes} probes at ${rate} answered in time`
      : `${counts.lost} of ${rate} lost${directionsOf(traffic)}${causesOf(traffic)}${lateOf(traffic)}, ${windowsOf(traffic)}`
  return [probes, ...asides(traffic)].join('; ')
}

function windowsOf(traffic: StepTraffic): string {
  const { windows, moreWindows, last, step, afterStart } = traffic
  const fromMs = step.injectedMs?.sent ?? step.startMs
  const isFlapping = afterStart.windows > 1
  const named = windows.slice(0, isFlapping ? namedFlaps : namedWindows)
  const spans = named.map((one) => `${instant(one.first.runMs - fromMs)} to ${instant(one.last.runMs - fromMs)}`)
  const count = windows.length + moreWindows
  const more = count > named.length ? ` and ${count - named.length} more` : ''
  const open = last?.after === null ? ', not over when the step ended' : ''
  return `${isFlapping ? 'flapping: ' : ''}${plural(count, 'window')} ${spans.join(', ')}${more}${open}`
}

function directionsOf({ counts }: StepTraffic): string {
  const { lost, lostThere, lostBack } = counts
  if (lost === 0 || lostThere === null || lostBack === null || lostThere + lostBack === 0) return ''
  const open = lost - lostThere - lostBack
  const rest = open > 0 ? `, ${open} on a way not known` : ''
  return ` (${lostThere} on the way there, ${lostBack} on the way back${rest})`
}

function causesOf({ causes }: StepTraffic): string {
  const shown = causes.length > 3 ? [...causes.slice(0, 3), `${causes.length - 3} more`] : causes
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`
}

const lateOf = ({ counts, stream }: StepTraffic): string =>
  counts.late === 0 ? '' : `, ${counts.late} later than ${sayMs(stream.thetaMs)}`

/** What does not count as lost and has to be known all the same. */
function asides(traffic: StepTraffic): string[] {
  const { counts, buffered, miscounted } = traffic
  return [
    ...(counts.missed > 0 ? [`${plural(counts.missed, 'slot')} not used, or used too late`] : []),
    ...(counts.unsent > 0 ? [`${counts.unsent} could not be sent`] : []),
    ...(counts.duplicates > 0 ? [plural(counts.duplicates, 'duplicate answer')] : []),
    ...(counts.reordered > 0 ? [`${plural(counts.reordered, 'answer')} out of order`] : []),
    ...(buffered === null ? [] : [sayBuffered(traffic, buffered)]),
    ...(miscounted === null ? [] : [sayMiscounted(traffic, miscounted)]),
  ]
}

function sayBuffered(traffic: StepTraffic, window: Window): string {
  const { silentMs } = crossCheck(window, outageOf(traffic, window), traffic.stream)
  return `answers came buffered or late: ${sayMs(Math.max(0, silentMs ?? 0))} of silence between two of them`
}

/** Losses times the interval are the outage only where every slot was used, on time, and the sender could send. */
function sayMiscounted(traffic: StepTraffic, window: Window): string {
  const { stream, counts } = traffic
  const bracket = outageOf(traffic, window)
  const { countedMs } = crossCheck(window, bracket, stream)
  const outage = sayMs((bracket.low + bracket.high) / 2)
  const sum = `${window.impaired} x ${sayMs(stream.opened.everyMs)} = ${sayMs(countedMs)} is not this outage of ${outage}`
  const unused = counts.missed + counts.unsent
  const why =
    unused > 0 ? `${plural(unused, 'slot')} without a probe` : 'the probes were not sent at their interval around it'
  return `${sum}: ${why}`
}

const instant = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`
