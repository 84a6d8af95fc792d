import type { EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'
import { Column } from './column.ts'

/** One held session as its vantage machine saw it, every instant already on the run's clock, ms. */
export interface SessionHistory {
  session: number
  openedMs: number | null
  closedMs: number | null
  closeCause: string | null
  /** When each message was sent. */
  sent: Column
  /** When the echo of each message came, in the same order, as long as they came whole and in order. */
  echoed: Column
  /** When an echo came that was not that of the next message: missing, repeated, out of order; null where none did. */
  corruptMs: number | null
}

/** A silence: from one echo to the next; `toMs` null where none came any more. */
export interface Silence {
  fromMs: number
  toMs: number | null
}

export type SessionFact = EventOf<'session-opened' | 'session-closed' | 'messages' | 'echoes'>

/** Folds the facts of a stream's sessions, oldest first. */
export class SessionsFold {
  readonly #opened: EventOf<'stream-opened'>
  readonly #toRun: (machineMs: number) => number
  readonly #sessions = new Map<number, Course>()

  constructor(opened: EventOf<'stream-opened'>, clock: ClockRelation) {
    this.#opened = opened
    this.#toRun = (machineMs) => middleOf(clock.toRun(machineMs))
  }

  note(event: SessionFact): void {
    if (event.type === 'session-opened') return this.#course(event.session).open(this.#toRun(event.openedMs))
    if (event.type === 'session-closed')
      return this.#course(event.session).close(this.#toRun(event.closedMs), event.cause)
    for (const [row, session] of event.sessions.entries()) {
      const [seq, afterMs] = [event.seqs[row], event.afterMs[row]]
      if (seq === undefined || afterMs === undefined) return
      const atMs = this.#toRun(event.baseMs + afterMs)
      if (event.type === 'messages') this.#course(session).send(seq, atMs)
      else this.#course(session).echo(seq, atMs)
    }
  }

  /** The sessions of the stream, including those that were never opened. */
  end(): SessionHistory[] {
    const first = this.#sessions.has(0) || this.#sessions.size === 0 ? 0 : 1
    for (let next = first; this.#sessions.size < this.#opened.sessions; next++) this.#course(next)
    return [...this.#sessions.values()]
      .map(({ history }) => history)
      .toSorted((one, other) => one.session - other.session)
  }

  #course(session: number): Course {
    const known = this.#sessions.get(session)
    if (known !== undefined) return known
    const course = new Course(session)
    this.#sessions.set(session, course)
    return course
  }
}

/** One session, as its facts pass. */
class Course {
  readonly history: SessionHistory
  readonly #seqs = new Column()

  constructor(session: number) {
    this.history = {
      session,
      openedMs: null,
      closedMs: null,
      closeCause: null,
      sent: new Column(),
      echoed: new Column(),
      corruptMs: null,
    }
  }

  open(atMs: number): void {
    this.history.openedMs ??= atMs
  }

  close(atMs: number, cause: string): void {
    this.history.closedMs ??= atMs
    this.history.closeCause ??= cause
  }

  send(seq: number, atMs: number): void {
    if (seq <= (this.#seqs.at(-1) ?? -1)) return
    this.#seqs.push(seq)
    this.history.sent.push(atMs)
  }

  echo(seq: number, atMs: number): void {
    const { history } = this
    if (history.corruptMs !== null) return
    if (this.#seqs.at(history.echoed.length) === seq) history.echoed.push(atMs)
    else history.corruptMs = atMs
  }
}

/** The silences of a session longer than `longerMs`. One that never ended counts only where a message waited for its echo. */
export function stallsOf(history: SessionHistory, longerMs: number): Silence[] {
  const stalls: Silence[] = []
  for (const silence of silencesOf(history)) {
    if (silence.toMs !== null && silence.toMs - silence.fromMs > longerMs) stalls.push(silence)
  }
  const last = lastSilenceOf(history)
  return last === null ? stalls : [...stalls, last]
}

/** Every interval between one sign of life (opening, echo) and the next. */
export function* silencesOf({ openedMs, echoed }: SessionHistory): Generator<Silence> {
  let fromMs = openedMs
  for (let index = 0; index < echoed.length; index++) {
    const toMs = echoed.at(index) ?? 0
    if (fromMs !== null) yield { fromMs, toMs }
    fromMs = toMs
  }
}

/** The silence after the last sign of life, where a message was sent that nothing answered. */
export function lastSilenceOf({ openedMs, echoed, sent }: SessionHistory): Silence | null {
  const fromMs = echoed.at(-1) ?? openedMs
  return fromMs === null || echoed.length >= sent.length ? null : { fromMs, toMs: null }
}
