import type { Interval } from '../model/interval.ts'
import { sayMs } from './quantity.ts'
import type { HeldSessions, JudgedSession } from './session-count.ts'
import type { Silence } from './session-history.ts'
import { saySocket } from './socket-state.ts'

interface Measured {
  interval: Interval | null
  evidence: string
}

/** The longest silence that began in the step, less the pause between two messages that is there anyway. */
export function longestStall({ sessions, sockets }: HeldSessions): Measured {
  const worst = worstOf(sessions, (one) => (one.course.silence === null ? null : stallOf(one.course.silence, one)))
  if (worst === null) return { interval: null, evidence: 'no session said anything in this step' }
  const end = Number.isFinite(worst.interval.high) ? '' : ', never ended'
  const socket = sockets.get(worst.session)
  const isStuck = socket !== undefined && (end !== '' || socket.unacked > 0)
  const kernel = isStuck ? ` (${saySocket(socket)})` : ''
  return { interval: worst.interval, evidence: `longest in session ${worst.session}${end}${kernel}` }
}

/**
 * For how long after the recovery of the packet streams the slowest session was still silent: TCP doubles its waits, so a session may sleep
 * through the recovery. One that never spoke again has no upper end.
 */
export function longestLag({ sessions }: HeldSessions): Measured {
  const trial = sessions[0]?.course.trial
  if (trial === undefined || trial.recoveredMs === null)
    return { interval: null, evidence: 'the packet streams did not recover' }
  const { recoveredMs, recoveredFromMs, step } = trial
  const worst = worstOf(sessions, ({ course: { resumedMs } }) => ({
    low: Math.max(0, Math.min(resumedMs, step.observedUntilMs) - recoveredMs),
    high: Math.max(0, resumedMs - recoveredFromMs),
  }))
  if (worst === null) return { interval: null, evidence: 'no session was alive when this step began' }
  const end = Number.isFinite(worst.interval.high) ? '' : ', which never spoke again'
  return {
    interval: worst.interval,
    evidence: `slowest was session ${worst.session}${end}; recovery known to ${sayMs(recoveredMs - recoveredFromMs)}`,
  }
}

/** The longest of the sessions that the step could harm, and whose it is. */
function worstOf(
  sessions: readonly JudgedSession[],
  measure: (session: JudgedSession) => Interval | null,
): { session: number; interval: Interval } | null {
  let worst: { session: number; interval: Interval } | null = null
  for (const one of sessions) {
    const interval = one.judgement.wasAlive ? measure(one) : null
    if (interval !== null && (worst === null || isLonger(interval, worst.interval)))
      worst = { session: one.history.session, interval }
  }
  return worst
}

function stallOf({ fromMs, toMs }: Silence, { history, course }: JudgedSession): Interval {
  const endMs = toMs ?? Math.min(history.closedMs ?? Infinity, course.trial.step.observedUntilMs)
  return { low: Math.max(0, endMs - fromMs - course.everyMs), high: toMs === null ? Infinity : toMs - fromMs }
}

const isLonger = (one: Interval, other: Interval): boolean =>
  one.high > other.high || (one.high === other.high && one.low > other.low)
