import type { Finding, Result } from '../../model/result.ts'
import { verdicts } from '../../model/verdict.ts'
import { factsOf } from '../decision.ts'
import { html, type Markup } from './markup.ts'
import { stepCards } from './step-cards.ts'
import { findingMark, verdictMark } from './verdict-mark.ts'

/** The first screen: which drill, its verdict in a sentence, what is wrong if anything is, the numbers of each step, the words. */
export const summary = (result: Result): Markup =>
  html`<header>
    <div class="kicker"><span>Failover drill report</span><span>${when(result)}</span></div>
    <h1>${result.scenario.question}</h1>
    <p class="quiet">
      Drill <b>${result.scenario.scenario}</b> on lab <b>${result.scenario.lab}</b>, run
      <code>${result.run.runId}</code>
    </p>
    <section class="verdict ${result.verdict}" aria-label="verdict">
      ${verdictMark(result.verdict, 40)}
      <p class="headline ${result.headline.length > 180 ? 'long' : 'short'}">${result.headline}</p>
      <p class="tally">${tally(result)}</p>
    </section>
    ${result.verdict === 'pass' ? null : trouble(result)} ${stepCards(result)} ${words}
  </header>`

const when = ({ run }: Result): string =>
  `${run.startedAt.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC')}, ${Math.round(run.durationMs / 1000)} s`

function tally({ findings }: Result): string {
  const deciding = findings.filter(({ level }) => level === 'fail')
  const count = (verdict: Finding['verdict']): number =>
    deciding.filter((finding) => finding.verdict === verdict).length
  const warnings = findings.filter((finding) => findingMark(finding) === 'warning').length
  const parts = [
    `${count('pass')} of ${deciding.length} checks passed`,
    ...some(count('fail'), 'failed'),
    ...some(count('unknown'), 'unknown'),
  ]
  return [
    ...parts,
    ...some(warnings, warnings === 1 ? 'warning that does not decide' : 'warnings that do not decide'),
  ].join(', ')
}

const some = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}`])

/** How many findings the first screen names; the rest are in the table. */
const mostTrouble = 5

function trouble(result: Result): Markup {
  const deciding = result.findings.filter(({ level, verdict }) => level === 'fail' && verdict !== 'pass')
  const worst = deciding.toSorted((left, right) => rank(left) - rank(right))
  const rest = deciding.length - mostTrouble
  const lines = worst
    .slice(0, mostTrouble)
    .map((finding) => html`<li>${verdictMark(findingMark(finding))}<span>${factsOf(finding)}</span></li>`)
  const more = rest > 0 ? html`<li><span></span><span class="quiet">and ${rest} more below</span></li>` : null
  const list = html`<ul class="trouble">
    ${lines}${more}
  </ul>`
  return html`${deciding.length === 0 ? null : list}
    <p class="red">${explanation(result)}</p>`
}

/** What failed before what is unknown; among the unknown first the invariants, because they say why nothing could be judged. */
const rank = ({ verdict, kind }: Finding): number =>
  verdicts.indexOf(verdict) * 2 + (verdict === 'unknown' && kind === 'expectation' ? 1 : 0)

const explanation = ({ verdict, scenario }: Result): Markup =>
  verdict === 'fail'
    ? html`<b>What red means here:</b> ${scenario.red}`
    : html`<b>Unknown</b> means that the drill could not be judged: something needed for it was missing or too
        uncertain. It is not a pass. <b>What red would mean:</b> ${scenario.red}`

const words = html`<dl class="words">
  <div>
    <dt>Outage</dt>
    <dd>
      How long traffic got no good answer, as an interval that holds the truth. A limit inside that interval leaves the
      verdict unknown.
    </dd>
  </div>
  <div>
    <dt>Takeover</dt>
    <dd>
      From the fault itself to the first good answer after it. The outage counts from the first failed probe instead.
    </dd>
  </div>
  <div>
    <dt>Stall</dt>
    <dd>
      The longest silence an open session had to bear. TCP waits longer after each retry, so a stall may outlast its
      outage; the resume lag is by how much.
    </dd>
  </div>
</dl>`
