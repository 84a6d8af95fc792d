import type { Result, StepTrace, StreamTrace, Timeline } from '../../model/result.ts'
import { drawTimeline } from '../drawing/drawing.ts'
import { thinned } from '../drawing/thinning.ts'
import { stepView, type View, wholeView, windowsOf } from '../drawing/view.ts'
import { sayMs } from '../quantity.ts'
import { legend } from './legend.ts'
import { html, type Markup, trusted } from './markup.ts'

/** The whole drill on one time axis, then each step from 2 s before to 3 s after its outage. */
export const drawings = ({ timeline, headline }: Result): Markup =>
  html`<section>
    <h2>What happened, on one time axis</h2>
    <p class="lead">The shaded windows run from each command to the end of its observation.</p>
    ${figure(timeline, wholeView(timeline), `Timeline of the whole drill. ${headline}`)} ${legend}
    <h2>Step by step</h2>
    ${timeline.steps.map((step) => stepFigure(step, timeline))}
  </section>`

function stepFigure(step: StepTrace, timeline: Timeline): Markup {
  const hasOutage = timeline.streams.some((stream) => windowsOf(step, stream).length > 0)
  const what = hasOutage
    ? 'from 2 s before to 3 s after the outage'
    : 'no probe was impaired: 2 s before to 3 s after the command'
  return html`<h3>${step.name}, ${what}</h3>
    ${figure(timeline, stepView(step, timeline), `${step.name}, ${what}`)}`
}

function figure(timeline: Timeline, view: View, label: string): Markup {
  const packets = timeline.streams.filter((stream) => stream.class === 'packets')
  return html`<figure>
    ${trusted(drawTimeline(timeline, view, label))}
    <figcaption>${packets.map((stream) => countsOf(stream, view))}</figcaption>
  </figure>`
}

function countsOf(stream: StreamTrace, view: View): string {
  const visible = stream.probes.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs)
  const drawn = thinned(stream.probes, view).length
  const count = (kind: string): number => visible.filter((probe) => probe.class === kind).length
  const counts = `${stream.name}: ${visible.length} probes, one every ${sayMs(stream.everyMs)}: ${count('ok')} good, ${count('late')} late, ${count('lost')} lost, ${count('unsent')} unsent. `
  const rule = `${drawn} drawn: every impaired one with its neighbours, and of the others the quickest and the slowest per two pixels. `
  return drawn === visible.length ? `${counts}All are drawn. ` : counts + rule
}
