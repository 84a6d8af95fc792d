import type { ClassifiedProbe, ProbeCounts } from '../../model/packet-trace.ts'
import type { Result, StepTrace, StreamTrace, Timeline } from '../../model/result.ts'
import { drawTimeline } from '../drawing/drawing.ts'
import { thinned } from '../drawing/thinning.ts'
import { stepView, type View, wholeView, windowsOf } from '../drawing/view.ts'
import { sayMs } from '../quantity.ts'
import { legend } from './legend.ts'
import { html, type Markup, trusted } from './markup.ts'
import { sayTally } from './session-tally.ts'

/** The whole drill on one time axis, then each step from 2 s before to 3 s after its outage. */
export function drawings({ timeline, headline }: Result): Markup {
  if (isEmpty(timeline))
    return html`<section>
      <h2>What happened</h2>
      <p class="lead">The recording has no traffic, no roles and no step, so there is nothing to draw.</p>
    </section>`
  return html`<section>
    <h2>What happened, on one time axis</h2>
    <p class="lead">The shaded windows run from each command to the end of its observation.</p>
    ${figure(timeline, wholeView(timeline), `Timeline of the whole drill. ${headline}`)} ${legend}
    ${timeline.steps.length === 0 ? null : html`<h2>Step by step</h2>`}
    ${timeline.steps.map((step) => stepFigure(step, timeline))}
  </section>`
}

const isEmpty = ({ streams, roles, steps }: Timeline): boolean => streams.length + roles.length + steps.length === 0

function stepFigure(step: StepTrace, timeline: Timeline): Markup {
  const view = stepView(step, timeline)
  const title = `${step.name}, ${sayExtent(step, view, timeline)}`
  const tallies = timeline.streams.map((stream) => sayTally(stream, step)).filter((tally) => tally !== '')
  return html`<h3>${title}</h3>
    ${figure(timeline, view, title, tallies)}`
}

function sayExtent(step: StepTrace, view: View, { streams }: Timeline): string {
  if (streams.some((stream) => windowsOf(step, stream).length > 0)) return 'from 2 s before to 3 s after its outage'
  const hasProbes = streams.some(({ probes }) => probes.some(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs))
  return `from 2 s before to 3 s after its command (${hasProbes ? 'no probe was impaired' : 'no probe was recorded'})`
}

function figure(timeline: Timeline, view: View, label: string, tallies: readonly string[] = []): Markup {
  const packets = timeline.streams.filter((stream) => stream.class === 'packets')
  return html`<figure>
    ${trusted(drawTimeline(timeline, view, label))}
    <figcaption>${packets.map((stream) => countsOf(stream, view))}${tallies}</figcaption>
  </figure>`
}

function countsOf(stream: StreamTrace, view: View): string {
  const visible = stream.probes.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs)
  if (visible.length === 0) return `${stream.name}: no probe was recorded here. `
  const drawn = thinned(stream.probes, view).length
  const kept = stream.counts !== undefined && totalOf(stream.counts) > stream.probes.length ? ' kept of more' : ''
  const counts = `${stream.name}: ${visible.length} probes${kept}, one every ${sayMs(stream.everyMs)}: ${sayClasses(visible)}. `
  const rule = `${drawn} are drawn: every impaired one with its neighbours; of the others the quickest and the slowest per two pixels, and every n-th. `
  return drawn === visible.length ? `${counts}All are drawn. ` : counts + rule
}

/** Of a long run the recording has more probes than are kept for drawing. */
const totalOf = ({ probes, unsent, missed }: ProbeCounts): number => probes + unsent + missed

function sayClasses(probes: readonly ClassifiedProbe[]): string {
  const amounts = (['ok', 'late', 'lost', 'unsent', 'missed'] as const).map((kind) => ({
    word: kind === 'ok' ? 'good' : kind,
    amount: probes.filter((probe) => probe.class === kind).length,
  }))
  return amounts
    .flatMap(({ word, amount }) => (amount === 0 && word !== 'lost' ? [] : [`${amount} ${word}`]))
    .join(', ')
}
