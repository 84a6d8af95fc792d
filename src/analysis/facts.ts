import { isBulk } from '../model/bulk.ts'
import type { Bulk } from '../model/bulk.ts'
import type { Event, EventOf, EventType } from '../model/event.ts'
import { rttOf } from './probes.ts'

type Kept = Exclude<Event, Bulk>

/** So many answers of a stream are remembered for the delays of clean traffic. */
const mostAnswers = 2 ** 17

/** The facts of a recording without its bulk, in the order in which they were recorded, and what is to be known of the bulk. */
export interface Facts {
  readonly events: readonly Kept[]
  of<T extends Kept['type']>(type: T): EventOf<T>[]
  /** How many facts there are, the bulk included; the last one; the latest instant that one names, ms. */
  readonly count: number
  readonly last: Event | undefined
  readonly endMs: number
  /** The first fact that is recorded at an earlier instant than the one before it. */
  readonly backwards: Event | undefined
  /** The answers of a stream before the first step (up to its time-out into it), oldest first. */
  answersOf(stream: string): readonly Answer[]
}

/** A probe that was answered in time; `sentMs` is on the vantage machine's clock. */
interface Answer {
  sentMs: number
  rttMs: number
}

/** Reads facts once. Only those that do not come in bulk are kept. */
export function factsOf(events: Iterable<Event>): Facts {
  const reading = new Reading()
  for (const event of events) reading.note(event)
  const { kept, count, last, endMs, backwards, answers } = reading
  const byType = Map.groupBy<EventType, Kept>(kept, ({ type }) => type)
  return {
    events: kept,
    of: <T extends Kept['type']>(type: T) =>
      (byType.get(type) ?? []).filter((event): event is EventOf<T> & Kept => event.type === type),
    count,
    last,
    endMs,
    backwards,
    answersOf: (stream) => answers.get(stream)?.inOrder() ?? [],
  }
}

class Reading {
  readonly kept: Kept[] = []
  readonly answers = new Map<string, Answers>()
  readonly #timeoutMs = new Map<string, number>()
  count = 0
  last: Event | undefined
  endMs = 0
  backwards: Event | undefined
  #steppedMs = Infinity

  note(event: Event): void {
    if (event.atMs < (this.last?.atMs ?? -Infinity)) this.backwards ??= event
    this.count += 1
    this.last = event
    this.endMs = Math.max(this.endMs, event.atMs)
    if (event.type === 'probe') return this.#answered(event)
    if (isBulk(event)) return
    this.kept.push(event)
    if (event.type === 'stream-opened') this.#timeoutMs.set(event.stream, event.timeoutMs)
    if (event.type === 'step-started') this.#steppedMs = Math.min(this.#steppedMs, event.atMs)
  }

  #answered(event: EventOf<'probe'>): void {
    const timeoutMs = this.#timeoutMs.get(event.stream) ?? 0
    if (event.atMs > this.#steppedMs + 2 * timeoutMs) return
    const rttMs = rttOf(event, timeoutMs)
    if (rttMs === null) return
    const answers = this.answers.get(event.stream) ?? new Answers()
    this.answers.set(event.stream, answers)
    answers.add({ sentMs: event.sentMs, rttMs })
  }
}

/** The latest answers of a stream. */
class Answers {
  #all: Answer[] = []
  #oldest = 0

  add(answer: Answer): void {
    if (this.#all.length < mostAnswers) {
      this.#all.push(answer)
      return
    }
    this.#all[this.#oldest] = answer
    this.#oldest = (this.#oldest + 1) % mostAnswers
  }

  inOrder(): Answer[] {
    return [...this.#all.slice(this.#oldest), ...this.#all.slice(0, this.#oldest)]
  }
}
