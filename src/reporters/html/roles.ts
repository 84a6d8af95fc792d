import type { Interval } from '../../model/interval.ts'
import type { CarpTakeover } from '../../model/takeover.ts'
import type { Result, RoleSources } from '../../model/result.ts'
import { sayMs } from '../quantity.ts'
import { html, type Markup } from './markup.ts'

type StateTable = NonNullable<RoleSources['tables']>[number]

/** Which sources told of the roles, the raw captures among them, and how each takeover looked on the wire. Nothing where only polls were made. */
export function rolesSection({ timeline }: Result): Markup | null {
  const { takeovers = [], roleSources } = timeline
  if (roleSources === undefined || roleSources.captures.length + roleSources.logs.length === 0) return null
  return html`<section>
    <h2>Roles</h2>
    <p class="lead">
      Three kinds of sources that know nothing of each other: what the firewalls answer, what they advertise on the
      wire, and what their kernels logged.
    </p>
    ${sourcesTable(roleSources)} ${takeovers.length === 0 ? null : takeoverTable(takeovers)}
  </section>`
}

const sourcesTable = ({ polls, captures, logs, tables = [] }: RoleSources): Markup =>
  html`<table>
    <thead>
      <tr>
        <th>Source</th>
        <th>What it told</th>
        <th>Evidence</th>
      </tr>
    </thead>
    <tbody>
      ${polls.map(
        ({ source, readings, unanswered, skipped }) =>
          html`<tr>
            <th scope="row">polls by ${source}</th>
            <td>${readings} asked, ${unanswered} without an answer, ${skipped} slots left out</td>
            <td>run.jsonl</td>
          </tr>`,
      )}
      ${captures.map(
        ({ point, machine, device, file, adverts, dropped }) =>
          html`<tr>
            <th scope="row">capture ${point}</th>
            <td>${adverts} advertisements on ${device} of ${machine}, ${sayDropped(dropped)}</td>
            <td><a href="${file}">${file}</a></td>
          </tr>`,
      )}
      ${logs.map(
        ({ node, changes, boundMs }) =>
          html`<tr>
            <th scope="row">log of ${node}</th>
            <td>${changes} role changes, its clock known to ±${boundMs.toFixed(1)} ms</td>
            <td>run.jsonl</td>
          </tr>`,
      )}
      ${tables.map(tableRow)}
    </tbody>
  </table>`

const tableRow = ({ node, states, madePerSecond, creatorIds, syncOk }: StateTable): Markup =>
  html`<tr>
    <th scope="row">state table of ${node}</th>
    <td>
      ${states} states${madePerSecond === null ? '' : `, ${madePerSecond.toFixed(1)} made per second`}, by
      ${creatorIds.join(' and ') || 'nobody'}; state sync ${sayOk(syncOk)}
    </td>
    <td>run.jsonl</td>
  </tr>`

const sayOk = (syncOk: boolean | null): string => (syncOk === null ? 'not told' : syncOk ? 'ok' : 'not ok')

const sayDropped = (dropped: number | null): string =>
  dropped === null ? 'nobody said how many were missed' : `${dropped} missed`

const takeoverTable = (takeovers: readonly CarpTakeover[]): Markup =>
  html`<h3>Takeovers on the wire</h3>
    <table>
      <thead>
        <tr>
          <th>Step</th>
          <th>VHID</th>
          <th>From</th>
          <th>To</th>
          <th>Between its last advertisement and the new one's first</th>
          <th>The kernel's reason</th>
        </tr>
      </thead>
      <tbody>
        ${takeovers.map(
          ({ step, vhid, from, to, lastAdvertMs, firstAdvertMs, reason }) =>
            html`<tr>
              <td>${step}</td>
              <td class="number">${vhid}</td>
              <td>${from}</td>
              <td>${to}</td>
              <td class="number">${sayBetween(lastAdvertMs, firstAdvertMs)}</td>
              <td>${reason ?? 'not logged'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`

/** Both were captured by the same clock, so that its bound falls out: the middles are compared. */
function sayBetween(last: Interval | null, first: Interval | null): string {
  if (last === null || first === null) return 'not captured'
  return sayMs(Math.max(0, (first.low + first.high - last.low - last.high) / 2))
}
