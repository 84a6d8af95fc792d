import type { EventOf } from '../model/event.ts'
import type { ProbeCounts } from '../model/packet-trace.ts'
import { LossDirection } from './loss-direction.ts'
import type { Window } from './outage.ts'
import { WindowFold } from './outage.ts'
import type { Probe, Sighting } from './probes.ts'
import { isImpaired, judgeProbe } from './probes.ts'
import type { PacketHistory } from './packet-history.ts'
import { emptyHistory } from './packet-history.ts'
import { ProbeTrace } from './probe-trace.ts'
import { Reordering } from './reordering.ts'
import { SendOrder } from './send-order.ts'
import { Sketch } from './sketch.ts'
import type { SkippedSlots } from './slots.ts'
import { SlotLedger, partsOf, slotsWithin } from './slots.ts'
import { StepFold, neighboursOf } from './step-fold.ts'
import type { ObservedStep } from './steps.ts'
import type { StreamBasis } from './stream-basis.ts'

/** So many windows of a stream are listed, the others only counted. */
const mostWindows = 1000
/** So many unused slots in a row are drawn one by one. */
const mostDrawn = 100

/** What a stream is folded against. */
interface Course {
  steps: readonly ObservedStep[]
  /** When the clean traffic began; null where nobody saw any. */
  cleanFromMs: number | null
}

/** Folds the facts of one packet stream, in the order of the recording, in a space that does not grow with their number. */
export class PacketFold {
  readonly #stream: StreamBasis
  readonly #course: Course
  readonly #order: SendOrder
  readonly #windows: WindowFold
  readonly #trace: ProbeTrace
  readonly #history: PacketHistory
  readonly #direction = new LossDirection()
  readonly #reordering = new Reordering()
  readonly #lateness = new Sketch()
  readonly #slots: SlotLedger
  readonly #neighbours: number
  /** The last probes that were evidence. */
  #recent: Probe[] = []
  #step: StepFold | null = null
  #ending: StepFold | null = null
  #begun = 0

  constructor(stream: StreamBasis, course: Course) {
    this.#stream = stream
    this.#course = course
    this.#order = new SendOrder(stream.opened, (sighting) => this.#take(sighting))
    this.#slots = new SlotLedger(partsOf(course.cleanFromMs, course.steps), stream.opened.everyMs)
    this.#history = emptyHistory(this.#slots.parts)
    this.#windows = new WindowFold(stream.delays, { bounded: (window) => this.#bounded(window) })
    this.#trace = new ProbeTrace(
      course.steps.map(({ injectedMs, startMs }) => injectedMs?.sent ?? startMs).slice(0, 50),
    )
    this.#neighbours = neighboursOf(stream)
  }

  note(event: EventOf<'probe' | 'extra-answer' | 'stale-answer'>): void {
    if (event.type === 'probe') this.#order.probe(event)
    else if (event.type === 'stale-answer') this.#history.counts.stale += 1
    else if (!this.#order.extraAnswer(event)) this.#history.counts.duplicates += 1
  }

  end(): PacketHistory {
    this.#order.end()
    this.#beginSteps(Infinity)
    this.#leave()
    this.#leave()
    this.#windows.end()
    const history = this.#history
    history.probes = this.#trace.end()
    history.impaired = this.#trace.impaired
    history.disordered = this.#order.disordered
    const [p50, p99] = [this.#lateness.percentile(0.5), this.#lateness.percentile(0.99)]
    history.latenessMs = p50 === null || p99 === null ? null : { p50, p99, max: this.#lateness.max }
    return history
  }

  #take(sighting: Sighting): void {
    const { opened, thetaMs, clock } = this.#stream
    const probe = judgeProbe(sighting, { everyMs: opened.everyMs, timeoutMs: opened.timeoutMs, thetaMs }, clock)
    this.#beginSteps(probe.runMs)
    const skipped = this.#slots.note(probe)
    if (skipped !== null) this.#skipped(skipped)
    this.#history.clockBoundMs = Math.max(this.#history.clockBoundMs, probe.boundMs)
    if (probe.latenessMs !== null) this.#lateness.add(Math.abs(probe.latenessMs))
    this.#trace.note({ seq: probe.seq, atMs: probe.runMs, rttMs: probe.rttMs, class: probe.class })
    const tallies = this.#step === null ? [this.#history.counts] : [this.#history.counts, this.#step.counts]
    for (const tally of tallies) tally.duplicates += probe.duplicates
    if (probe.isEvidence) this.#evidence(probe)
    else this.#noEvidence(probe, tallies)
    if (probe.isEvidence || probe.class === 'missed') this.#direction.note(probe, tallies)
    this.#reordering.note(probe, tallies)
  }

  #evidence(probe: Probe): void {
    const { counts, clean } = this.#history
    counts.probes += 1
    if (isImpaired(probe)) counts[probe.class === 'late' ? 'late' : 'lost'] += 1
    if (this.#isClean(probe)) {
      clean.probes += 1
      if (isImpaired(probe)) clean.impaired += 1
    }
    this.#windows.note(probe)
    this.#ending?.noteAfter(probe)
    if (this.#step !== null && probe.runMs >= this.#step.step.startMs) this.#step.note(probe)
    this.#recent.push(probe)
    if (this.#recent.length > this.#neighbours) this.#recent.shift()
  }

  #isClean({ runMs, boundMs }: Probe): boolean {
    const [{ cleanFromMs, steps }, first] = [this.#course, this.#course.steps[0]]
    const untilMs = first?.injectedMs?.sent ?? first?.startMs ?? 0
    return (
      cleanFromMs !== null &&
      runMs >= cleanFromMs &&
      runMs + boundMs + this.#stream.thetaMs < untilMs &&
      steps.length > 0
    )
  }

  #noEvidence(probe: Probe, tallies: readonly ProbeCounts[]): void {
    const kind = probe.class === 'missed' ? 'missed' : 'unsent'
    for (const tally of tallies) tally[kind] += 1
  }

  #skipped(slots: SkippedSlots): void {
    const { seq, count, afterMs, everyMs } = slots
    this.#history.counts.missed += count
    for (const fold of [this.#step, this.#ending])
      if (fold !== null)
        fold.counts.missed += slotsWithin({ fromMs: fold.step.startMs, toMs: fold.step.observedUntilMs }, slots)
    const nth = Math.ceil(count / mostDrawn)
    for (let slot = 1; slot <= count; slot += nth)
      this.#trace.note({ seq: seq + slot, atMs: afterMs + slot * everyMs, rttMs: null, class: 'missed' })
  }

  /** Opens the folds of the steps that begin up to an instant, and closes what is over by then. */
  #beginSteps(atMs: number): void {
    const { steps } = this.#course
    if (this.#step !== null && atMs >= this.#step.step.observedUntilMs) this.#leave()
    for (let next = steps[this.#begun]; next !== undefined && next.startMs <= atMs; next = steps[this.#begun]) {
      if (this.#step !== null) this.#leave()
      this.#step = new StepFold(this.#stream, next, this.#recent)
      this.#begun += 1
      if (atMs >= next.observedUntilMs) this.#leave()
    }
  }

  /** The step's time is up: from now on its fold only looks for what ends its last outage. */
  #leave(): void {
    if (this.#ending !== null) this.#history.traffic.push(this.#ending.end())
    this.#ending = this.#step
    this.#step = null
  }

  #bounded(window: Window): void {
    const { windows } = this.#history
    if (windows.length < mostWindows) windows.push(window)
    else this.#history.moreWindows += 1
  }
}
