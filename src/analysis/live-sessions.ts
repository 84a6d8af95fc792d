import type { Event, EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'
import { underwayMs } from './patience.ts'

/** So many messages of a session may wait for their echo; of one that hangs, the oldest tell enough. */
const mostOpen = 1000

/** One held session as it is now; instants on the vantage machine's clock, ms. */
interface LiveSession {
  isOpen: boolean
  isClosed: boolean
  openedMs: number
  /** Messages without their echo, oldest first. */
  open: Map<number, number>
  /** When the latest message that came back was sent. */
  provenMs: number
}

type SessionFact = Extract<Event, { session: number } | { sessions: number[] }>

/** The held sessions of a stream while they are going on. */
export class LiveSessions {
  readonly #opened: EventOf<'stream-opened'>
  readonly #clock: () => ClockRelation | null
  readonly #sessions = new Map<number, LiveSession>()

  constructor(opened: EventOf<'stream-opened'>, clock: () => ClockRelation | null) {
    this.#opened = opened
    this.#clock = clock
  }

  get machine(): string {
    return this.#opened.from
  }

  note(event: SessionFact): void {
    switch (event.type) {
      case 'session-opened': {
        const session = this.#session(event.session)
        if (!session.isOpen) session.openedMs = event.openedMs
        session.isOpen = true
        return
      }
      case 'session-closed':
        this.#session(event.session).isClosed = true
        return
      case 'messages':
      case 'echoes':
        return this.#rows(event)
    }
  }

  /** Of sessions that open one after another, the first one has to be that old, and none of those that are not just opened in trouble. */
  cleanForMs(nowMs: number): number {
    const now = this.#toMachine(nowMs)
    const isOneByOne = this.#opened.openEveryMs !== undefined
    const expected = isOneByOne ? 1 : Math.max(1, this.#opened.sessions)
    if (now === null || this.#sessions.size < expected) return 0
    let [leastMs, mostMs] = [Infinity, 0]
    for (const session of this.#sessions.values()) {
      const ageMs = session.isOpen ? now - session.openedMs : Infinity
      if (isOneByOne && ageMs < 2 * underwayMs) continue
      const isClean = session.isOpen && !session.isClosed && hasCaughtUp(session, now - 2 * underwayMs, now)
      leastMs = Math.min(leastMs, isClean ? ageMs : 0)
      mostMs = Math.max(mostMs, ageMs)
    }
    return isOneByOne && leastMs > 0 ? mostMs : leastMs
  }

  /** Whether every session is over, was never there, or carried a message that was sent after an instant. */
  isDecided(afterMs: number, nowMs: number): boolean {
    const [after, now] = [this.#toMachine(afterMs), this.#toMachine(nowMs)]
    if (after === null || now === null) return false
    return [...this.#sessions.values()].every(
      (session) => session.isClosed || !session.isOpen || hasCaughtUp(session, after, now),
    )
  }

  #rows({ type, baseMs, sessions, seqs, afterMs }: EventOf<'messages' | 'echoes'>): void {
    for (const [row, id] of sessions.entries()) {
      const seq = seqs[row]
      if (seq === undefined) continue
      if (type === 'echoes') echoed(this.#session(id), seq)
      else sent(this.#session(id), seq, baseMs + (afterMs[row] ?? 0))
    }
  }

  #session(id: number): LiveSession {
    const known = this.#sessions.get(id)
    if (known !== undefined) return known
    const session = {
      isOpen: false,
      isClosed: false,
      openedMs: 0,
      open: new Map<number, number>(),
      provenMs: -Infinity,
    }
    this.#sessions.set(id, session)
    return session
  }

  /** An instant of the run on the machine's clock, about. */
  #toMachine(runMs: number): number | null {
    const clock = this.#clock()
    if (clock === null) return null
    const offsetMs = middleOf(clock.toRun(runMs)) - runMs
    return runMs - (middleOf(clock.toRun(runMs - offsetMs)) - (runMs - offsetMs))
  }
}

function sent({ open }: LiveSession, seq: number, sentMs: number): void {
  if (open.size < mostOpen && !open.has(seq)) open.set(seq, sentMs)
}

function echoed(session: LiveSession, seq: number): void {
  const sentMs = session.open.get(seq)
  if (sentMs === undefined) return
  session.open.delete(seq)
  session.provenMs = Math.max(session.provenMs, sentMs)
}

/** Whether a message sent after an instant came back, and none is overdue. */
function hasCaughtUp({ open, provenMs }: LiveSession, afterMs: number, nowMs: number): boolean {
  const [oldestMs] = open.values()
  return provenMs > afterMs && (oldestMs ?? Infinity) >= nowMs - underwayMs
}
