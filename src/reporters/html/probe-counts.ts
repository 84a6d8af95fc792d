import type { StepCounts } from '../../model/packet-trace.ts'
import type { Result, StreamTrace } from '../../model/result.ts'
import { sayMs } from '../quantity.ts'
import { html, type Markup } from './markup.ts'

/** How the probes of each packet stream counted in each step, and what makes counting losses misleading. Nothing without packet streams. */
export function probeCountsSection({ timeline }: Result): Markup | null {
  const rows = timeline.streams.flatMap((stream) => (stream.steps ?? []).map((counts) => countsRow(stream, counts)))
  if (rows.length === 0) return null
  return html`<section>
    <h2>Probes</h2>
    <p class="lead">
      Late and lost probes impair. Slots without a probe, and probes that the machine could not send, say nothing about
      the network. Further answers are counted and change nothing.
    </p>
    <table>
      <thead>
        <tr>
          <th>Step</th>
          <th>Stream</th>
          <th>Probes</th>
          <th>Lost</th>
          <th>Late</th>
          <th>Unsent</th>
          <th>Missed slots</th>
          <th>Duplicates</th>
          <th>Out of order</th>
          <th>Remarks</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${timeline.streams.map(sending)}
  </section>`
}

const countsRow = ({ name }: StreamTrace, counts: StepCounts): Markup =>
  html`<tr>
    <td>${counts.step}</td>
    <td>${name}</td>
    <td class="number">${counts.probes}</td>
    <td class="number">${counts.lost}${sayWays(counts)}</td>
    <td class="number">${counts.late}</td>
    <td class="number">${counts.unsent}</td>
    <td class="number">${counts.missed}</td>
    <td class="number">${counts.duplicates}</td>
    <td class="number">${counts.reordered}</td>
    <td>${sayRemarks(counts)}</td>
  </tr>`

function sayWays({ lost, lostThere, lostBack }: StepCounts): string {
  if (lost === 0 || lostThere === null || lostBack === null) return ''
  const open = lost - lostThere - lostBack
  return ` (${lostThere} there, ${lostBack} back${open > 0 ? `, ${open} not known` : ''})`
}

const sayRemarks = ({ isFlapping, bufferedMs }: StepCounts): string =>
  [
    ...(isFlapping ? ['flapping'] : []),
    ...(bufferedMs === null ? [] : [`answers buffered or late: ${sayMs(Math.max(0, bufferedMs))} of silence`]),
  ].join('; ')

function sending({ name, latenessMs, counts }: StreamTrace): Markup | null {
  if (latenessMs === undefined) return null
  const { p50, p99, max } = latenessMs
  const stale = counts?.stale ?? 0
  const strangers = stale === 0 ? '' : ` ${stale} answers belonged to another run or stream.`
  return html`<p class="lead">
    ${name} was sent after its slots by ${fine(p50)} (half of the probes), ${fine(p99)} (99 %), ${fine(max)} at
    most.${strangers}
  </p>`
}

const fine = (ms: number): string => (ms >= 10 ? sayMs(ms) : `${Number(ms.toPrecision(2))} ms`)
