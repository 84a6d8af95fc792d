import type { ClaimResult, Finding, Result } from '../../model/result.ts'
import { factsOf } from '../decision.ts'
import { html, type Markup } from './markup.ts'
import { findingMark, verdictMark } from './verdict-mark.ts'

const order = ['fail', 'unknown', 'warning', 'pass']

/** Every judged statement, the worst first. */
export const findingsSection = ({ findings }: Result): Markup =>
  html`<section>
    <h2>Findings</h2>
    <p class="lead">
      Expectations come from the scenario, invariants from every drill. One fail makes the drill red; otherwise one
      unknown makes it unknown. Warnings never decide.
    </p>
    <table>
      <thead>
        <tr>
          <th>Verdict</th>
          <th>Judged</th>
          <th>Measured</th>
          <th>Because</th>
        </tr>
      </thead>
      <tbody>
        ${findings.toSorted(worstFirst).map(findingRow)}
      </tbody>
    </table>
  </section>`

const worstFirst = (left: Finding, right: Finding): number =>
  order.indexOf(findingMark(left)) - order.indexOf(findingMark(right))

const findingRow = (finding: Finding): Markup =>
  html`<tr>
    <td>${verdictMark(findingMark(finding))}</td>
    <td><b>${finding.title}</b><br /><span class="quiet">${finding.kind}</span></td>
    <td>${factsOf(finding)}</td>
    <td class="reason">${finding.because}</td>
  </tr>`

/** What the source document says, in its own words; never part of the verdict. */
export function claimsSection({ claims, scenario }: Result): Markup | null {
  if (claims.length === 0) return null
  const source =
    scenario.source === undefined
      ? 'The source'
      : [scenario.source.document, scenario.source.section ?? ''].filter(Boolean).join(', section ')
  return html`<section>
    <h2>What the document claims</h2>
    <p class="lead">${source}. Claims are compared with the measurement and never decide the verdict.</p>
    <table>
      <thead>
        <tr>
          <th>Claim</th>
          <th>Outcome</th>
          <th>Measured</th>
        </tr>
      </thead>
      <tbody>
        ${claims.map(claimRow)}
      </tbody>
    </table>
  </section>`
}

const claimRow = ({ text, outcome, message }: ClaimResult): Markup =>
  html`<tr>
    <td><q>${text}</q></td>
    <td class="number">${outcome}</td>
    <td>${message}</td>
  </tr>`

/** What went wrong in the drill itself. */
export const problemsSection = ({ problems }: Result): Markup | null =>
  problems.length === 0
    ? null
    : html`<section>
        <h2>Problems during the run</h2>
        <table>
          <thead>
            <tr>
              <th>Run time</th>
              <th>Where</th>
              <th>What</th>
            </tr>
          </thead>
          <tbody>
            ${problems.map(
              ({ atMs, where, message }) =>
                html`<tr>
                  <td class="number">${(atMs / 1000).toFixed(2)} s</td>
                  <td>${where}</td>
                  <td>${message}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`
