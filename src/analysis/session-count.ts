import type { Interval } from '../model/interval.ts'
import type { SessionVerdict } from '../model/result.ts'
import { plural, sayMs } from './quantity.ts'
import type { SessionHistory } from './session-history.ts'
import type { SessionJudgement, SessionTrial } from './session-verdict.ts'
import type { SocketState } from './socket-state.ts'
import { saySocket } from './socket-state.ts'
import type { Stream } from './streams.ts'

/** The sessions of one stream in one step, judged. */
export interface HeldSessions {
  stream: Stream
  judgements: readonly SessionJudgement[]
  trial: SessionTrial
  /** What the kernel said of their sockets when they were judged. */
  sockets: ReadonlyMap<number, SocketState>
}

/** Sessions by their age at the fault: a state is shared with the backup up to a second after it was made, so young ones are a class of their own. */
export type SessionAge = 'aged' | 'young'

/** From this age on a session's state has long been shared, ms. */
export const agedMs = 5000
const most = 3

/**
 * How many sessions of an age carried every message. One that was dead before the step, or whose fate the recording does not tell, could be
 * either: the count is an interval. Not measurable without a session of that age.
 */
export function countAlive(
  held: HeldSessions,
  age: SessionAge,
): { interval: Interval | null; evidence: string; of?: number } {
  const own = ofAge(held, age)
  const than = age === 'aged' ? 'older' : 'younger'
  if (!own.some(({ judgement }) => judgement.wasAlive))
    return { interval: null, evidence: `no session was alive and ${than} than ${agedMs / 1000} s at the fault` }
  const alive = own.filter(({ judgement }) => isAlive(judgement))
  const open = own.filter(({ judgement: { verdict, wasAlive } }) => !wasAlive || verdict === null)
  const fates = own.filter(({ judgement }) => !isAlive(judgement)).map((one) => fateOf(one, held))
  const shown = fates.length > most ? [...fates.slice(0, most), `${fates.length - most} more`] : fates
  const summary = `${alive.length} of ${plural(own.length, 'session')} carried every message`
  return {
    interval: { low: alive.length, high: alive.length + open.length },
    evidence: [summary, ...shown].join('; '),
    of: own.length,
  }
}

interface One {
  session: SessionHistory
  judgement: SessionJudgement
}

/** Sessions that open one after another are of the class of their age; those that came after the fault are of none. */
function ofAge({ stream, judgements, trial }: HeldSessions, age: SessionAge): One[] {
  const { fromMs } = trial.fault
  const isOneByOne = stream.opened.openEveryMs !== undefined
  return stream.sessions.flatMap((session, index): One[] => {
    const judgement = judgements[index]
    const isLater = session.openedMs === null || session.openedMs > fromMs
    if (judgement === undefined || (isOneByOne && isLater)) return []
    const isYoung = !isLater && (session.openedMs ?? 0) > fromMs - agedMs
    return isYoung === (age === 'young') ? [{ session, judgement }] : []
  })
}

const isAlive = ({ verdict, wasAlive }: SessionJudgement): boolean =>
  wasAlive && (verdict === 'survived' || verdict === 'stalled')

function fateOf({ session, judgement: { verdict, wasAlive } }: One, { trial, sockets }: HeldSessions): string {
  const name = `session ${session.session}`
  if (verdict === null) return `${name}: the recording ends before its deadline`
  if (!wasAlive)
    return verdict === 'not-opened'
      ? `${name} was not open before the fault`
      : `${name} was dead before this step (${verdict})`
  const socket = sockets.get(session.session)
  const kernel = verdict !== 'hung' || socket === undefined ? '' : ` (${saySocket(socket)})`
  return `${name} ${fates[verdict]}${whenOf(session, verdict, trial)}${kernel}`
}

const fates: Record<SessionVerdict, string> = {
  survived: 'survived',
  stalled: 'survived with a stall',
  reset: 'was closed',
  hung: 'hung: messages were never echoed, without an error',
  'timed-out': 'timed out',
  corrupt: 'got messages out of order',
  'not-opened': 'was not opened',
}

function whenOf({ closedMs, closeCause }: SessionHistory, verdict: SessionVerdict, { fault }: SessionTrial): string {
  if (closedMs === null || (verdict !== 'reset' && verdict !== 'timed-out')) return ''
  return ` ${sayMs(Math.max(0, closedMs - fault.fromMs))} after the fault (${closeCause ?? 'no cause'})`
}
