import type { ProbeCounts } from '../model/packet-trace.ts'
import { crossCheck } from './arrivals.ts'
import type { Window } from './outage.ts'
import { WindowFold } from './outage.ts'
import type { Probe } from './probes.ts'
import { isImpaired } from './probes.ts'
import type { Episode, StepTraffic } from './step-traffic.ts'
import { isSustained, noCounts, outageOf } from './step-traffic.ts'
import type { ObservedStep } from './steps.ts'
import type { StreamBasis } from './stream-basis.ts'

/** A gap of this many intervals between two probes is a hole in which nothing was observed. */
const holeIntervals = 3
/** So many windows of a step are listed, the others only counted. */
const mostWindows = 200
const mostCauses = 20

/** Folds the probes of one stream, in the order of their sending, into what it saw in one step. */
export class StepFold {
  readonly step: ObservedStep
  readonly counts: ProbeCounts = noCounts()
  readonly #traffic: StepTraffic
  readonly #windows: WindowFold
  readonly #neighbours: number
  readonly #episodes: { sinceMs: number; episode: Episode }[]
  #causes = new Set<string>()
  readonly #last: Probe | undefined
  #previous: Probe | null = null
  #lastRunMs = -Infinity
  #after = 0
  #isEnded = false

  /** `before`: the last probes before the step. */
  constructor(stream: StreamBasis, step: ObservedStep, before: readonly Probe[]) {
    this.step = step
    this.#neighbours = neighboursOf(stream)
    this.#traffic = emptyTraffic(stream, step, this.counts)
    const { afterFault, afterStart } = this.#traffic
    this.#episodes = [
      { sinceMs: step.injectedMs?.sent ?? step.startMs, episode: afterFault },
      { sinceMs: step.startMs, episode: afterStart },
    ]
    this.#windows = new WindowFold(stream.delays, {
      bounded: (window) => this.#bounded(window),
      followed: (window) => this.#followed(window),
    })
    for (const probe of before) this.#around(probe, false)
    this.#last = before.at(-1)
  }

  /** Takes a probe of the step. */
  note(probe: Probe): void {
    const { counts, step } = this
    counts.probes += 1
    if (isImpaired(probe)) counts[probe.class === 'late' ? 'late' : 'lost'] += 1
    if (probe.cause !== null && this.#causes.size < mostCauses) this.#causes.add(probe.cause)
    if (!isImpaired(probe) && probe.runMs > (step.injectedMs?.acked ?? Infinity)) this.#traffic.goodAfterFault ??= probe
    this.#lastRunMs = probe.runMs
    this.#around(probe, true)
  }

  /** Takes a probe after the step: where it is good, it shows when an outage of the step was over. */
  noteAfter(probe: Probe): void {
    if (this.#isEnded) return
    if (isImpaired(probe)) return this.#end()
    this.#around(probe, false)
    this.#after += 1
    if (this.#after >= this.#neighbours) this.#end()
  }

  end(): StepTraffic {
    this.#end()
    return this.#traffic
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#windows.end()
    for (const { sinceMs, episode } of this.#episodes)
      if (episode.windows === 0) episode.isOver = this.#lastRunMs > sinceMs
    this.#traffic.causes = [...this.#causes]
    this.#traffic.unusable = unusableOf(this.#traffic, this.#last)
  }

  #around(probe: Probe, counts: boolean): void {
    const [previous, traffic] = [this.#previous, this.#traffic]
    this.#previous = probe
    this.#windows.note(probe, counts)
    if (previous === null || isImpaired(previous) || isImpaired(probe)) return
    const gapMs = probe.sentMs - previous.sentMs
    traffic.widestGapMs = Math.max(traffic.widestGapMs, gapMs + (probe.rttMs ?? 0))
    if (gapMs > holeIntervals * traffic.stream.opened.everyMs) traffic.holesMs += gapMs
  }

  #bounded(window: Window): void {
    const traffic = this.#traffic
    if (window.last.runMs < this.step.startMs) return
    const bracket = outageOf(traffic, window)
    if (traffic.windows.length < mostWindows) traffic.windows.push(window)
    else traffic.moreWindows += 1
    traffic.first ??= window
    traffic.last = window
    traffic.outage.low += bracket.low
    traffic.outage.high += bracket.high
    if (Number.isFinite(bracket.high)) traffic.longestMs = Math.max(traffic.longestMs, bracket.high)
    const { isBuffered, isMiscounted } = crossCheck(window, bracket, traffic.stream)
    if (isBuffered) traffic.buffered ??= window
    if (isMiscounted) traffic.miscounted ??= window
  }

  #followed(window: Window): void {
    const { runMs, boundMs } = window.last
    // What was on its way when the fault came was hit by it.
    const untilMs = runMs + boundMs + this.#traffic.stream.delays.rttMs
    for (const { sinceMs, episode } of this.#episodes) {
      if (episode.isOver || untilMs < sinceMs || runMs < this.step.startMs) continue
      episode.windows += 1
      episode.last = window
      episode.isOver = isSustained(window)
    }
  }
}

/** As many probes before and after a step may overtake those within. */
export const neighboursOf = ({ delays, opened }: StreamBasis): number =>
  1 + Math.ceil(delays.jitterMs / Math.max(opened.everyMs, Number.MIN_VALUE))

function unusableOf({ stream, step, counts }: StepTraffic, previous: Probe | undefined): string | null {
  const { failure, unusable } = stream
  if (unusable !== null) return unusable
  if (failure !== null && failure.atMs < step.observedUntilMs) return `the stream failed: ${failure.reason}`
  if (counts.probes === 0) return 'no probe was sent in this step'
  if (previous === undefined) return 'no probe was sent before this step'
  return isImpaired(previous) ? 'the traffic was already interrupted when this step began' : null
}

const emptyTraffic = (stream: StreamBasis, step: ObservedStep, counts: ProbeCounts): StepTraffic => ({
  stream,
  step,
  counts,
  causes: [],
  windows: [],
  moreWindows: 0,
  first: null,
  last: null,
  outage: { low: 0, high: 0 },
  longestMs: 0,
  widestGapMs: 0,
  holesMs: 0,
  afterFault: { windows: 0, last: null, isOver: false },
  afterStart: { windows: 0, last: null, isOver: false },
  goodAfterFault: null,
  miscounted: null,
  buffered: null,
  unusable: null,
})
