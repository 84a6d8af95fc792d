import type { EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'
import { underwayMs } from './patience.ts'
import type { Probe } from './probes.ts'
import { isImpaired, judgeProbe, percentile, rttOf, thetaOf } from './probes.ts'
import { sustained } from './step-traffic.ts'

/** The delay threshold follows the median of so many round trips. */
const recentRtts = 200
/** So many probes may wait for an earlier one, or for the first comparison of clocks. */
const mostWaiting = 100_000

/** A packet stream while it is going on. Probes count in the order of their numbers: one that may still be answered holds back those after it. */
export class LivePackets {
  readonly #opened: EventOf<'stream-opened'>
  readonly #clock: () => ClockRelation | null
  readonly #waiting = new Map<number, EventOf<'probe'>>()
  #nextSeq = 0
  #rttsMs: number[] = []
  #thetaMs: number
  #last: Probe | null = null
  /** The first good probe after the last impaired one, and the last few of those that followed. */
  #cleanSinceMs: number | null = null
  #goodMs: number[] = []
  /** The impaired probes of the step that is going on. */
  #bad: { firstMs: number; lastMs: number } | null = null

  constructor(opened: EventOf<'stream-opened'>, clock: () => ClockRelation | null) {
    this.#opened = opened
    this.#clock = clock
    this.#thetaMs = thetaOf([], opened.timeoutMs)
  }

  get machine(): string {
    return this.#opened.from
  }

  note(event: EventOf<'probe'>): void {
    if (event.seq < this.#nextSeq || this.#waiting.has(event.seq) || this.#waiting.size >= mostWaiting) return
    this.#waiting.set(event.seq, event)
    this.#advance(event.atMs)
  }

  stepStarted(): void {
    this.#bad = null
  }

  cleanForMs(nowMs: number): number {
    this.#advance(nowMs)
    const last = this.#current(nowMs)
    return last === null || this.#cleanSinceMs === null ? 0 : last.runMs - this.#cleanSinceMs
  }

  /** One probe more than a lasting recovery needs: the step ends here, and the final clock relation may move the last probe by a little. */
  recovery(sinceMs: number, nowMs: number): { atMs: number; outageMs: number } | null {
    this.#advance(nowMs)
    const last = this.#current(nowMs)
    const fromMs = Math.max(sinceMs, this.#bad?.lastMs ?? sinceMs)
    if (last === null || last.runMs - fromMs < sustained.cleanMs + this.#opened.everyMs) return null
    if (this.#goodMs.length <= sustained.probes || (this.#goodMs[0] ?? 0) <= sinceMs) return null
    const outageMs = this.#bad === null ? 0 : fromMs - this.#bad.firstMs + 2 * this.#opened.everyMs
    return { atMs: Math.max(sinceMs, this.#cleanSinceMs ?? sinceMs), outageMs }
  }

  /** The last probe that was resolved, where it is not too old to speak of now. */
  #current(nowMs: number): Probe | null {
    const last = this.#last
    return last === null || last.runMs < nowMs - Math.max(underwayMs, 3 * this.#opened.everyMs) ? null : last
  }

  #advance(nowMs: number): void {
    const clock = this.#clock()
    if (clock === null) return
    for (;;) {
      const event = this.#waiting.get(this.#nextSeq)
      if (event !== undefined) this.#take(event, clock)
      else if (!this.#skip(nowMs, clock)) return
    }
  }

  /** Gives up waiting for a number once a probe of it would have been resolved long since. */
  #skip(nowMs: number, clock: ClockRelation): boolean {
    if (this.#waiting.size === 0) return false
    const lowest = [...this.#waiting.keys()].reduce((least, seq) => Math.min(least, seq), Infinity)
    const next = this.#waiting.get(lowest)
    const lastMs = this.#last?.runMs ?? middleOf(clock.toRun(next?.sentMs ?? 0))
    if (lastMs + this.#opened.everyMs > nowMs - this.#opened.timeoutMs - underwayMs) return false
    this.#nextSeq = lowest
    return true
  }

  #take(event: EventOf<'probe'>, clock: ClockRelation): void {
    const { everyMs, timeoutMs } = this.#opened
    this.#waiting.delete(event.seq)
    this.#nextSeq = event.seq + 1
    const rttMs = rttOf(event, timeoutMs)
    if (rttMs !== null) this.#answered(rttMs)
    const probe = judgeProbe(
      { event, laterMs: null, duplicates: 0 },
      { everyMs, timeoutMs, thetaMs: this.#thetaMs },
      clock,
    )
    if (probe.class === 'missed') return
    this.#last = probe
    if (isImpaired(probe)) this.#impaired(probe)
    else this.#good(probe)
  }

  /** The threshold is worked out anew with each of the first answers, then once for as many as it looks at. */
  #answered(rttMs: number): void {
    this.#rttsMs.push(rttMs)
    if (this.#rttsMs.length > recentRtts && this.#rttsMs.length % recentRtts > 0) return
    this.#rttsMs = this.#rttsMs.slice(-recentRtts)
    this.#thetaMs = thetaOf([percentile(this.#rttsMs, 0.5) ?? 0], this.#opened.timeoutMs)
  }

  #impaired({ runMs }: Probe): void {
    this.#cleanSinceMs = null
    this.#goodMs = []
    this.#bad = { firstMs: this.#bad?.firstMs ?? runMs, lastMs: runMs }
  }

  #good({ runMs }: Probe): void {
    this.#cleanSinceMs ??= runMs
    this.#goodMs = [...this.#goodMs, runMs].slice(-(sustained.probes + 1))
  }
}
