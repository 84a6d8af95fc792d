import type { Result } from '../../model/result.ts'
import type { CaptureFile, PathHop, PathLoss } from '../../model/wire-account.ts'
import { drawPath } from '../drawing/path-drawing.ts'
import { sayMs } from '../quantity.ts'
import { html, type Markup, trusted } from './markup.ts'

/** Where packets were lost or waited, by captures along their way, and every capture with the hash of its file. Nothing where none was made. */
export function wireSection({ timeline }: Result): Markup | null {
  const { wire } = timeline
  if (wire === undefined) return null
  const hasProbes = wire.captures.some(({ catches }) => catches.includes('probes'))
  return html`<section>
    ${hasProbes ? pathsOf(wire.paths) : null}
    <h2>Captures</h2>
    <p class="lead">What was on the lab's wires, as tcpdump kept it: the evidence beside this page.</p>
    ${capturesTable(wire.captures)}
  </section>`
}

const pathsOf = (paths: readonly PathLoss[]): Markup =>
  html`<h2>Where packets were lost</h2>
    <p class="lead">
      ${
        paths.length === 0
          ? 'No probe was lost or late in any step.'
          : 'Captured at each place of the way: dashed is the piece of it on which probes were seen at its beginning and not at its end. Of late ones, the piece on which they waited longest. A bridge that does not know where a shared MAC is shows its frames to both firewalls: one that is not master sees them and lets them lie.'
      }
    </p>
    ${paths.map(pathFigure)}`

function pathFigure(path: PathLoss): Markup {
  const { step, stream, from, to, hops, unplaced, clockBoundMs } = path
  const clocks =
    clockBoundMs === 0 ? 'All captures on one clock.' : `Clocks compared to ±${clockBoundMs.toFixed(1)} ms.`
  const missing = unplaced === 0 ? '' : ` ${unplaced} lost probes could not be placed by any capture.`
  return html`<h3>${step}: ${stream}, ${from} to ${to}</h3>
    <figure>
      ${trusted(drawPath(path, `Where probes of ${stream} were lost in ${step}`))}
      <figcaption>${clocks}${missing}</figcaption>
    </figure>
    ${hops.length === 0 ? null : hopsTable(hops)}`
}

const hopsTable = (hops: readonly PathHop[]): Markup =>
  html`<table>
    <thead>
      <tr>
        <th>Probes</th>
        <th>Where</th>
        <th>Sent, from the command</th>
        <th>Longest wait there</th>
      </tr>
    </thead>
    <tbody>
      ${hops.map(
        ({ lost, late, words, firstMs, lastMs, longestMs }) =>
          html`<tr>
            <td class="number">${lost > 0 ? `${lost} lost` : `${late} late`}</td>
            <td>${words}</td>
            <td class="number">${sayInstant(firstMs)} to ${sayInstant(lastMs)}</td>
            <td class="number">${longestMs === null ? '' : sayMs(longestMs.high)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`

const sayInstant = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`

const capturesTable = (captures: readonly CaptureFile[]): Markup =>
  html`<table>
    <thead>
      <tr>
        <th>Point</th>
        <th>What</th>
        <th>Packets</th>
        <th>Missed</th>
        <th>File and its SHA-256</th>
      </tr>
    </thead>
    <tbody>
      ${captures.map(
        ({ point, machine, device, file, catches, packets, dropped, sha256 }) =>
          html`<tr>
            <th scope="row">${point}</th>
            <td>${catches.join(', ')} on ${device} of ${machine}</td>
            <td class="number">${packets ?? 'not told'}</td>
            <td class="number">${dropped ?? 'not told'}</td>
            <td><a href="${file}">${file}</a><br /><span class="hash">${sha256 ?? 'no hash'}</span></td>
          </tr>`,
      )}
    </tbody>
  </table>`
