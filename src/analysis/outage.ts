import type { OutageWindow } from '../model/packet-trace.ts'
import type { Interval } from '../model/interval.ts'
import type { Probe } from './probes.ts'
import { isImpaired } from './probes.ts'

/** A maximal run of impaired probes with the good ones around it; null where the recording, or the part looked at, has none. */
export interface Window {
  first: Probe
  last: Probe
  before: Probe | null
  after: Probe | null
  impaired: number
  lost: number
  late: number
  /** When the last answer before the window came, and the first one of any age after that; null where none did. */
  heardMs: number | null
  heardAgainMs: number | null
  /** The good probes that followed up to the next window, and for how long they did, ms. */
  goodProbes: number
  cleanMs: number
}

/** What clean traffic says about delays: the longest round trip (99 %), and how much round trips differ, ms. */
export interface Delays {
  rttMs: number
  jitterMs: number
}

/** Who is told of windows: `bounded` once the good probe after a window is known (or none will come), `followed` once the next one begins. */
interface WindowListener {
  bounded(window: Window): void
  followed?(window: Window): void
}

/**
 * Splits probes (evidence only, by time of sending, one at a time) into windows of impaired ones. Where delays vary by more than the
 * interval, probes overtake each other on the way: only a good probe sent `jitterMs` before or after the window is sure to have passed
 * before or after it.
 */
export class WindowFold {
  readonly #jitterMs: number
  readonly #listener: WindowListener
  /** The latest good probes, from the last one that is sure to have passed before the newest. */
  #good: Probe[] = []
  #heardMs: number | null = null
  #isOpen = false
  #latest: Window | null = null
  /** Windows that are over, without a good probe yet that is sure to have passed after them. */
  #unbounded: Window[] = []

  constructor({ jitterMs }: Delays, listener: WindowListener) {
    this.#jitterMs = jitterMs
    this.#listener = listener
  }

  /** Takes the next probe. `counts`: whether it may prove that a recovery lasted. */
  note(probe: Probe, counts = true): void {
    if (isImpaired(probe)) this.#impaired(probe)
    else this.#passed(probe, counts)
  }

  /** No probe follows. */
  end(): void {
    for (const window of this.#unbounded) this.#listener.bounded(window)
    if (this.#isOpen && this.#latest !== null) this.#listener.bounded(this.#latest)
    if (this.#latest !== null) this.#listener.followed?.(this.#latest)
    this.#unbounded = []
    this.#latest = null
    this.#isOpen = false
  }

  #impaired(probe: Probe): void {
    if (!this.#isOpen) {
      if (this.#latest !== null) this.#listener.followed?.(this.#latest)
      const before = this.#good.findLast(({ sentMs }) => sentMs <= probe.sentMs - this.#jitterMs) ?? null
      this.#latest = { ...empty(probe), before, heardMs: this.#heardMs }
      this.#isOpen = true
    }
    if (this.#latest !== null) count(this.#latest, probe)
  }

  #passed(probe: Probe, counts: boolean): void {
    const latest = this.#latest
    if (this.#isOpen && latest !== null) this.#unbounded.push(latest)
    if (this.#isOpen && latest !== null) hear(latest, probe)
    this.#isOpen = false
    for (let next = this.#unbounded[0]; next !== undefined; next = this.#unbounded[0]) {
      if (next.last.sentMs + this.#jitterMs > probe.sentMs) break
      next.after = probe
      this.#unbounded.shift()
      this.#listener.bounded(next)
    }
    if (counts && latest !== null) {
      latest.goodProbes += 1
      latest.cleanMs = probe.sentMs - latest.last.sentMs
    }
    this.#heardMs = Math.max(this.#heardMs ?? -Infinity, probe.arrivalMs ?? -Infinity)
    this.#good.push(probe)
    while ((this.#good[1]?.sentMs ?? Infinity) <= probe.sentMs - this.#jitterMs) this.#good.shift()
  }
}

/**
 * The interval that holds the true outage, ms. It began after the last good probe was sent and before the first impaired one could have
 * come back, and it ended after the last impaired one was sent and before the first good one was answered.
 */
export const bracketOf = (
  window: Pick<Window, 'first' | 'last' | 'before' | 'after'>,
  { rttMs }: Delays,
): Interval => ({
  low: lowOf(window, rttMs),
  high: highOf(window) ?? Infinity,
})

/** The window as the timeline shows it, on the run's clock. */
export const windowTrace = (window: Window, { rttMs }: Delays): OutageWindow => ({
  firstMs: window.first.runMs,
  lastMs: window.last.runMs,
  goodBeforeMs: window.before?.runMs ?? null,
  goodAfterMs: window.after?.runMs ?? null,
  lowMs: lowOf(window, rttMs),
  highMs: highOf(window),
  impaired: window.impaired,
  lost: window.lost,
})

type Edges = Pick<Window, 'first' | 'last' | 'before' | 'after'>

/** The longest round trip that a probe around the window can have had, ms. */
const slackOf = (edges: Edges, rttMs: number): number =>
  heldMs(edges) + Math.max(rttMs, edges.before?.rttMs ?? 0, edges.after?.rttMs ?? 0)

/** What a reflector holds for longer than this comes late; what it loses for longer is a way back that is broken, ms. */
const longestHoldMs = 50

/**
 * Probes that reached the reflector and whose answers were lost all the same were on their way back when the path broke. A few of them in a row
 * were held by a reflector that stalled, and sent up to so long before the outage began, ms.
 */
function heldMs({ before, after }: Edges): number {
  if (before?.reflected === undefined || before.reflected === null) return 0
  if (after?.reflected === undefined || after.reflected === null) return 0
  const answered = after.reflected - before.reflected - 1
  const forMs = (answered * (after.sentMs - before.sentMs)) / Math.max(1, after.seq - before.seq)
  return answered >= 2 && forMs <= longestHoldMs ? forMs : 0
}

const lowOf = (window: Edges, rttMs: number): number =>
  Math.max(0, window.last.sentMs - window.first.sentMs - slackOf(window, rttMs))

const highOf = ({ before, after }: Edges): number | null =>
  before === null || after === null ? null : after.sentMs + (after.rttMs ?? 0) - before.sentMs

const empty = (first: Probe): Window => ({
  first,
  last: first,
  before: null,
  after: null,
  impaired: 0,
  lost: 0,
  late: 0,
  heardMs: null,
  heardAgainMs: null,
  goodProbes: 0,
  cleanMs: 0,
})

function count(window: Window, probe: Probe): void {
  window.last = probe
  window.impaired += 1
  if (probe.class === 'late') window.late += 1
  else window.lost += 1
  hear(window, probe)
}

function hear(window: Window, { arrivalMs }: Probe): void {
  if (arrivalMs === null || arrivalMs <= (window.heardMs ?? -Infinity)) return
  window.heardAgainMs = Math.min(window.heardAgainMs ?? Infinity, arrivalMs)
}
