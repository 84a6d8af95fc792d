import type { Result, StepTrace } from '../../model/result.ts'
import { originOf } from '../drawing/view.ts'
import { sayInstant } from '../quantity.ts'
import { html, type Markup } from './markup.ts'

/** What was done to the lab: command, targets as resolved, proof that it took effect. */
export function stepsSection({ timeline }: Result): Markup {
  const originMs = originOf(timeline)
  return html`<section>
    <h2>Steps</h2>
    <p class="lead">
      Times are counted from the first fault command. A fault or heal happened between its command and the
      acknowledgement.
    </p>
    <table>
      <thead>
        <tr>
          <th>Step</th>
          <th>Action</th>
          <th>Targets</th>
          <th>Command sent</th>
          <th>Acknowledged</th>
          <th>Effect</th>
          <th>End</th>
        </tr>
      </thead>
      <tbody>
        ${timeline.steps.map((step) => stepRow(step, originMs))}
      </tbody>
    </table>
  </section>`
}

function stepRow(step: StepTrace, originMs: number): Markup {
  const { injectedMs, effect, ref, machines } = step
  const instant = (atMs: number | undefined): string => (atMs === undefined ? 'never' : sayInstant(atMs, originMs))
  const targets = machines.join(', ') || 'none'
  return html`<tr>
    <th scope="row">${step.name}</th>
    <td>${step.action === 'fault' ? step.kind : `heal of ${step.of}`}</td>
    <td>${ref === null ? targets : `${ref} = ${targets}`}</td>
    <td class="number">${instant(injectedMs?.sent)}</td>
    <td class="number">${instant(injectedMs?.acked)}</td>
    <td>${effect === null ? 'not checked' : `${effect.proven ? 'proven' : 'not proven'}: ${effect.evidence}`}</td>
    <td>${step.end ?? 'did not end'}${step.endMs === null ? '' : ` at ${instant(step.endMs)}`}</td>
  </tr>`
}
