import type { EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'
import type { SessionCourse } from './session-course.ts'
import { CourseFold } from './session-course.ts'
import type { SessionTrial } from './session-trial.ts'
import { Stalls } from './session-stalls.ts'

/** One held session as its vantage machine saw it, every instant already on the run's clock, ms. It is as large after a day as after a minute. */
export interface SessionHistory {
  session: number
  openedMs: number | null
  closedMs: number | null
  closeCause: string | null
  /** When an echo came that was not that of the next message: missing, repeated, out of order; null where none did. */
  corruptMs: number | null
  messages: number
  /** Silences longer than twice the pause between two messages, the longest ones where there are many. */
  stalls: Silence[]
  /** What it did in each step, in the order of the trials. */
  courses: SessionCourse[]
}

/** A silence: from one sign of life (opening, echo) to the next; `toMs` null where none came any more, though a message waited for its echo. */
export interface Silence {
  fromMs: number
  toMs: number | null
}

export type SessionFact = EventOf<'session-opened' | 'session-closed' | 'messages' | 'echoes'>

/** Folds the facts of a stream's sessions, oldest first, against what they are judged by. */
export class SessionsFold {
  readonly #opened: EventOf<'stream-opened'>
  readonly #toRun: (machineMs: number) => number
  readonly #trials: readonly SessionTrial[]
  readonly #sessions = new Map<number, SessionFold>()

  constructor(opened: EventOf<'stream-opened'>, clock: ClockRelation, trials: readonly SessionTrial[]) {
    this.#opened = opened
    this.#toRun = (machineMs) => middleOf(clock.toRun(machineMs))
    this.#trials = trials
  }

  note(event: SessionFact): void {
    if (event.type === 'session-opened') return this.#session(event.session).open(this.#toRun(event.openedMs))
    if (event.type === 'session-closed')
      return this.#session(event.session).close(this.#toRun(event.closedMs), event.cause)
    for (const [row, session] of event.sessions.entries()) {
      const [seq, afterMs] = [event.seqs[row], event.afterMs[row]]
      if (seq === undefined || afterMs === undefined) return
      const atMs = this.#toRun(event.baseMs + afterMs)
      if (event.type === 'messages') this.#session(session).send(seq, atMs)
      else this.#session(session).echo(seq, atMs)
    }
  }

  /** The sessions of the stream, including those that were never opened. */
  end(): SessionHistory[] {
    const first = this.#sessions.has(0) || this.#sessions.size === 0 ? 0 : 1
    for (let next = first; this.#sessions.size < this.#opened.sessions; next++) this.#session(next)
    return [...this.#sessions.values()]
      .map((session) => session.end())
      .toSorted((one, other) => one.session - other.session)
  }

  #session(session: number): SessionFold {
    const known = this.#sessions.get(session)
    if (known !== undefined) return known
    const fold = new SessionFold(session, this.#opened.everyMs, this.#trials)
    this.#sessions.set(session, fold)
    return fold
  }
}

/** One session, as its facts pass. Of its messages only those are remembered that still wait for their echo. */
class SessionFold {
  readonly #history: Omit<SessionHistory, 'stalls' | 'courses'>
  readonly #courses: readonly CourseFold[]
  readonly #stalls: Stalls
  readonly #waiting: { seq: number; sentMs: number }[] = []
  #lastSeq = -1
  #aliveMs: number | null = null
  #echoes = 0

  constructor(session: number, everyMs: number, trials: readonly SessionTrial[]) {
    this.#courses = trials.map((trial) => new CourseFold(trial, everyMs))
    this.#stalls = new Stalls(2 * everyMs)
    this.#history = { session, openedMs: null, closedMs: null, closeCause: null, corruptMs: null, messages: 0 }
  }

  open(atMs: number): void {
    this.#history.openedMs ??= atMs
    this.#aliveMs ??= atMs
  }

  close(atMs: number, cause: string): void {
    this.#history.closedMs ??= atMs
    this.#history.closeCause ??= cause
  }

  send(seq: number, sentMs: number): void {
    if (seq <= this.#lastSeq) return
    this.#lastSeq = seq
    this.#history.messages += 1
    if (this.#history.corruptMs === null) this.#waiting.push({ seq, sentMs })
    for (const course of this.#courses) course.noteSent(sentMs)
  }

  echo(seq: number, atMs: number): void {
    if (this.#history.corruptMs !== null) return
    const [oldest] = this.#waiting
    if (oldest?.seq !== seq) {
      this.#history.corruptMs = atMs
      return
    }
    this.#waiting.shift()
    this.#echoes += 1
    const silence = this.#aliveMs === null ? null : { fromMs: this.#aliveMs, toMs: atMs }
    this.#aliveMs = atMs
    if (silence !== null) this.#stalls.note(silence)
    for (const course of this.#courses) course.noteEchoed(oldest.sentMs, atMs, silence)
  }

  end(): SessionHistory {
    const isWaiting = this.#history.corruptMs === null && this.#history.messages > this.#echoes
    const last = isWaiting && this.#aliveMs !== null ? { fromMs: this.#aliveMs, toMs: null } : null
    const courses = this.#courses.map((course) => course.end(last))
    return { ...this.#history, stalls: this.#stalls.end(last), courses }
  }
}
