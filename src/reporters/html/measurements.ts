import { metricKinds } from '../../model/metric.ts'
import type { Measurement, Result, StreamTrace } from '../../model/result.ts'
import { sayMeasured, sayMs } from '../quantity.ts'
import { html, type Markup } from './markup.ts'

/** Every measured value with its interval and evidence, and how each stream was measured. */
export const measurementsSection = ({ measurements, timeline }: Result): Markup =>
  html`<section>
    <h2>Measurements</h2>
    <p class="lead">A value with two ends is the interval that holds the truth; a single value is exact.</p>
    <table>
      <thead>
        <tr>
          <th>Step</th>
          <th>Stream</th>
          <th>Metric</th>
          <th>Value</th>
          <th>Evidence</th>
        </tr>
      </thead>
      <tbody>
        ${measurements.map(measurementRow)}
      </tbody>
    </table>
    <h3>How it was measured</h3>
    <table>
      <thead>
        <tr>
          <th>Stream</th>
          <th>Kind</th>
          <th>Path</th>
          <th>Interval</th>
          <th>Late above</th>
          <th>Lost after</th>
          <th>Clock bound</th>
          <th>Seen</th>
        </tr>
      </thead>
      <tbody>
        ${timeline.streams.map(streamRow)}
      </tbody>
    </table>
  </section>`

const measurementRow = ({ step, stream, metric, interval, unit, evidence }: Measurement): Markup =>
  html`<tr>
    <td>${step}</td>
    <td>${stream}</td>
    <td title="${metricKinds[metric].meaning}">${metric}</td>
    <td class="number">${sayMeasured(interval, unit)}</td>
    <td>${evidence}</td>
  </tr>`

const streamRow = (stream: StreamTrace): Markup =>
  html`<tr>
    <th scope="row">${stream.name}</th>
    <td>${stream.kind}</td>
    <td>${stream.from} to ${stream.to}</td>
    <td class="number">${sayMs(stream.everyMs)}</td>
    <td class="number">${stream.class === 'packets' ? sayMs(stream.thetaMs) : ''}</td>
    <td class="number">${stream.class === 'packets' ? sayMs(stream.timeoutMs) : ''}</td>
    <td class="number">±${stream.clockBoundMs.toFixed(2)} ms</td>
    <td>${sayAmount(stream)}</td>
  </tr>`

function sayAmount({ class: kind, probes, sessions, failure }: StreamTrace): string {
  const amount =
    kind === 'packets'
      ? `${probes.length} probes`
      : `${sessions.length} ${sessions.length === 1 ? 'session' : 'sessions'}`
  return failure === null ? amount : `${amount}; failed: ${failure}`
}
