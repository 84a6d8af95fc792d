import type { Event, EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { middleOf } from './clock-relation.ts'

/** One held session as its vantage machine saw it, every instant already on the run's clock, ms. */
export interface SessionHistory {
  session: number
  openedMs: number | null
  closedMs: number | null
  closeCause: string | null
  /** When each message was sent, by number, in order of sending. */
  messages: Map<number, number>
  /** Echoes in the order in which they came. */
  echoes: { seq: number; atMs: number }[]
}

/** A silence: from one echo to the next; `toMs` null where none came any more. */
export interface Silence {
  fromMs: number
  toMs: number | null
}

/** The sessions of one stream, including those that were never opened. */
export function historiesOf(
  events: readonly Event[],
  opened: EventOf<'stream-opened'>,
  clock: ClockRelation,
): SessionHistory[] {
  const histories = new Map<number, SessionHistory>()
  const of = (session: number) => {
    const found = histories.get(session) ?? emptyHistory(session)
    histories.set(session, found)
    return found
  }
  for (const event of events) if ('session' in event) note(of(event.session), event, (ms) => middleOf(clock.toRun(ms)))
  for (let next = histories.has(0) ? 0 : 1; histories.size < opened.sessions; next++) of(next)
  return [...histories.values()].toSorted((one, other) => one.session - other.session)
}

/** The silences of a session longer than `longerMs`. One that never ended counts only where a message waited for its echo. */
export function stallsOf(history: SessionHistory, longerMs: number): Silence[] {
  const stalls = silencesOf(history).filter(({ fromMs, toMs }) => toMs !== null && toMs - fromMs > longerMs)
  const last = lastSilenceOf(history)
  return last === null ? stalls : [...stalls, last]
}

/** Every interval between one sign of life (opening, echo) and the next. */
export function silencesOf({ openedMs, echoes }: SessionHistory): Silence[] {
  const signs = [...(openedMs === null ? [] : [openedMs]), ...echoes.map(({ atMs }) => atMs)]
  return signs.slice(1).map((toMs, index) => ({ fromMs: signs[index] ?? toMs, toMs }))
}

/** The silence after the last sign of life, where a message was sent that nothing answered. */
export function lastSilenceOf({ openedMs, echoes, messages }: SessionHistory): Silence | null {
  const fromMs = echoes.at(-1)?.atMs ?? openedMs
  if (fromMs === null) return null
  const answered = new Set(echoes.map(({ seq }) => seq))
  return [...messages.keys()].some((seq) => !answered.has(seq)) ? { fromMs, toMs: null } : null
}

function note(
  history: SessionHistory,
  event: EventOf<'session-opened' | 'message' | 'echo' | 'session-closed'>,
  toRun: (machineMs: number) => number,
): void {
  switch (event.type) {
    case 'session-opened':
      history.openedMs ??= toRun(event.openedMs)
      return
    case 'message':
      if (!history.messages.has(event.seq)) history.messages.set(event.seq, toRun(event.sentMs))
      return
    case 'echo':
      history.echoes.push({ seq: event.seq, atMs: toRun(event.receivedMs) })
      return
    case 'session-closed':
      history.closedMs ??= toRun(event.closedMs)
      history.closeCause ??= event.cause
  }
}

const emptyHistory = (session: number): SessionHistory => ({
  session,
  openedMs: null,
  closedMs: null,
  closeCause: null,
  messages: new Map(),
  echoes: [],
})
