import type { Result } from '../../model/result.ts'
import { html, type Markup } from './markup.ts'

/** What ran where, exactly enough to compare two reports or to run the drill again. */
export const identitySection = ({ run, lab }: Result): Markup =>
  html`<section>
    <h2>Identity</h2>
    <dl class="identity">
      ${row('Run', html`<code>${run.runId}</code>`)} ${row('Started', run.startedAt)}
      ${row('Ended', run.endedAt ?? 'did not end')} ${row('Tool', `${run.tool.name} ${run.tool.version}`)}
      ${row('Hypervisor', run.hypervisor ?? 'not recorded')}
      ${Object.entries(run.machineVersions).map(([machine, version]) => row(machine, version))}
      ${row('Lab', labText(lab))} ${row('Scenario', html`<code>${run.scenarioFile}</code>`)}
      ${row('Scenario SHA-256', html`<span class="hash">${run.scenarioSha256}</span>`)}
      ${row('Recording SHA-256', html`<span class="hash">${run.recordingSha256}</span>`)}
      ${row('Seed', String(run.seed))} ${Object.entries(run.host).map(([name, value]) => row(`Host: ${name}`, value))}
    </dl>
    <footer>
      Every number here is computed from the recording <code>run.jsonl</code> alone; <code>firedrill report</code> makes
      this page again from it.
    </footer>
  </section>`

const row = (name: string, value: Markup | string): Markup =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`

const labText = ({ lab, note }: Result['lab']): string => (note === undefined ? lab : `${lab}: ${note}`)
