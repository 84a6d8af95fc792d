import type { MetricName } from '../../model/metric.ts'
import type { Interval } from '../../model/interval.ts'
import type { Measurement, Result, StepTrace } from '../../model/result.ts'
import { notMeasurable, sayMeasured } from '../quantity.ts'
import { html, type Markup } from './markup.ts'

const shown: readonly (readonly [MetricName, string])[] = [
  ['outage', 'Outage'],
  ['takeover', 'Takeover'],
  ['lost', 'Probes lost'],
  ['sessionsAlive', 'Sessions alive'],
  ['youngSessionsAlive', 'Young sessions alive'],
  ['stall', 'Longest stall'],
  ['resumeLag', 'Resume lag'],
]

/** One card per step with its main numbers; failover and failback are never summed. */
export const stepCards = ({ measurements, timeline }: Result): Markup =>
  html`<div class="cards">
    ${timeline.steps.map((step) =>
      card(
        step,
        measurements.filter((one) => one.step === step.name),
      ),
    )}
  </div>`

function card(step: StepTrace, measurements: readonly Measurement[]): Markup {
  const numbers = shown.flatMap(([metric, label]) => {
    const ofMetric = measurements.filter((one) => one.metric === metric)
    return ofMetric.length === 0
      ? []
      : [
          metric === 'sessionsAlive' || metric === 'youngSessionsAlive'
            ? aliveNumber(label, ofMetric)
            : worstNumber(label, ofMetric),
        ]
  })
  return html`<section class="card">
    <h2>${step.name}</h2>
    <p class="quiet">${sayStep(step)}</p>
    <dl class="numbers">${numbers}</dl>
  </section>`
}

const sayStep = ({ action, kind, of, machines, end }: StepTrace): string =>
  `${action === 'fault' ? `fault ${kind}` : `heal of ${of}`} on ${machines.join(', ') || 'nothing'}; ${endings[end ?? 'none']}`

const endings = {
  recovered: 'recovered',
  expired: 'no recovery in time',
  aborted: 'aborted',
  none: 'did not end',
} as const

function worstNumber(label: string, measurements: readonly Measurement[]): Markup {
  const worst = measurements.reduce((left, right) => (badness(right) > badness(left) ? right : left))
  const whose = measurements.length > 1 ? `worst: ${worst.stream}` : worst.stream
  return number(label, sayMeasured(worst.interval, worst.unit), whose)
}

/** What could not be measured is worse than any value. */
const badness = ({ interval }: Measurement): number =>
  interval === null ? Infinity : Math.min(interval.high, Number.MAX_VALUE)

function aliveNumber(label: string, measurements: readonly Measurement[]): Markup {
  const measured = measurements.filter(({ of = 0, interval }) => of > 0 || interval !== null)
  const there = measured.reduce((sum, { of = 0 }) => sum + of, 0)
  const alive = measured
    .map(({ interval }) => interval)
    .reduce(added, measured.length === 0 ? null : { low: 0, high: 0 })
  const names = (measured.length === 0 ? measurements : measured).map(({ stream }) => stream).join(', ')
  return number(label, alive === null ? notMeasurable : `${sayMeasured(alive, 'count')} of ${there}`, names)
}

const added = (sum: Interval | null, one: Interval | null): Interval | null =>
  sum === null || one === null ? null : { low: sum.low + one.low, high: sum.high + one.high }

const number = (label: string, value: string, whose: string): Markup =>
  html`<div class="${value === notMeasurable ? 'none' : 'known'}">
    <dt>${label}</dt>
    <dd>${value}<small>${whose}</small></dd>
  </div>`
