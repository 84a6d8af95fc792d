import type { Interval } from '../model/interval.ts'
import type { SessionVerdict } from '../model/result.ts'
import { plural, sayMs } from './quantity.ts'
import type { SessionCourse } from './session-course.ts'
import type { SessionHistory } from './session-history.ts'
import type { SessionTrial } from './session-trial.ts'
import type { SessionJudgement } from './session-verdict.ts'
import type { SocketState } from './socket-state.ts'
import { saySocket } from './socket-state.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'

/** One session in one step, judged. */
export interface JudgedSession {
  history: SessionHistory
  course: SessionCourse
  judgement: SessionJudgement
}

/** The sessions of one stream in one step, judged. */
export interface HeldSessions {
  stream: Stream
  step: ObservedStep
  sessions: readonly JudgedSession[]
  /** What the kernel said of their sockets when they were judged. */
  sockets: ReadonlyMap<number, SocketState>
}

/** Sessions by their age at the fault: a state is shared with the backup up to a second after it was made, so young ones are a class of their own. */
export type SessionAge = 'aged' | 'young'

/** From this age on a session's state has long been shared, ms. */
export const agedMs = 5000
const most = 3
/** Why age counts. */
const why = 'pfsync shares a state up to 1 s after it was made'

/**
 * How many sessions of an age carried every message. One that was dead before the step, or whose fate the recording does not tell, could be
 * either: the count is an interval. Sessions of one failover share its fate, so it is said in how many failovers. Not measurable without a session of that age.
 */
export function countAlive(
  held: HeldSessions,
  age: SessionAge,
): { interval: Interval | null; evidence: string; of?: number } {
  const own = ofAge(held, age)
  const than = age === 'aged' ? 'older' : 'younger'
  if (!own.some(({ judgement }) => judgement.wasAlive))
    return { interval: null, evidence: `no session was alive and ${than} than ${agedMs / 1000} s at the fault: ${why}` }
  const alive = own.filter(({ judgement }) => isAlive(judgement))
  const open = own.filter(({ judgement: { verdict, wasAlive } }) => !wasAlive || verdict === null)
  const others = own.filter(({ judgement }) => !isAlive(judgement)).toSorted((one, other) => doubt(one) - doubt(other))
  const fates = others.slice(0, most).map((one) => fateOf(one, held))
  const shown = others.length > most ? [...fates, `${others.length - most} more`] : fates
  const reason = age === 'young' && others.length > 0 ? [why] : []
  const fate = own.length === 1 ? '' : `, in 1 ${held.step.action === 'fault' ? 'failover' : 'failback'}`
  const summary = `${alive.length} of ${plural(own.length, 'session')} carried every message${fate}`
  return {
    interval: { low: alive.length, high: alive.length + open.length },
    evidence: [`${summary}${tallyOf(own)}`, ...shown, ...reason].join('; '),
    of: own.length,
  }
}

/** Those that were harmed are named before those of which nothing can be said. */
const doubt = ({ judgement: { verdict, wasAlive } }: JudgedSession): number =>
  (wasAlive ? 0 : 1) + (verdict === null ? 2 : 0)

/** How many had which verdict, where there are too many to name. */
function tallyOf(own: readonly JudgedSession[]): string {
  if (own.length <= most) return ''
  const counts = Map.groupBy(own, ({ judgement }) => (judgement.wasAlive ? (judgement.verdict ?? 'open') : 'before'))
  const said = tallied.flatMap(([of, word]) => (counts.has(of) ? [`${counts.get(of)?.length} ${word}`] : []))
  return counts.size < 2 ? '' : ` (${said.join(', ')})`
}

const tallied: readonly [SessionVerdict | 'open' | 'before', string][] = [
  ['survived', 'survived'],
  ['stalled', 'survived with a stall'],
  ['reset', 'closed'],
  ['hung', 'hung'],
  ['timed-out', 'timed out'],
  ['corrupt', 'corrupt'],
  ['not-opened', 'not opened'],
  ['open', 'not decided'],
  ['before', 'dead or not open before'],
]

/** Sessions that open one after another are of the class of their age; those that came after the fault are of none. */
function ofAge({ stream, sessions }: HeldSessions, age: SessionAge): JudgedSession[] {
  const isOneByOne = stream.opened.openEveryMs !== undefined
  return sessions.filter(({ history: { openedMs }, course }) => {
    const { fromMs } = course.trial.fault
    const isLater = openedMs === null || openedMs > fromMs
    if (isOneByOne && isLater) return false
    const isYoung = !isLater && openedMs > fromMs - agedMs
    return isYoung === (age === 'young')
  })
}

const isAlive = ({ verdict, wasAlive }: SessionJudgement): boolean =>
  wasAlive && (verdict === 'survived' || verdict === 'stalled')

function fateOf({ history, course, judgement }: JudgedSession, { sockets }: HeldSessions): string {
  const { verdict, wasAlive } = judgement
  const name = `session ${history.session}`
  if (verdict === null) return `${name}: the recording ends before its deadline`
  if (!wasAlive)
    return verdict === 'not-opened'
      ? `${name} was not open before the fault`
      : `${name} was dead before this step (${verdict})`
  const socket = sockets.get(history.session)
  const kernel = verdict !== 'hung' || socket === undefined ? '' : ` (${saySocket(socket)})`
  return `${name} ${fates[verdict]}${whenOf(history, verdict, course.trial)}${kernel}`
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
