import type { SessionVerdict } from '../model/result.ts'
import type { SessionCourse } from './session-course.ts'
import type { SessionHistory } from './session-history.ts'
import { deadlineOf } from './session-trial.ts'

/** A verdict, null where the recording ends too early for one. `wasAlive`: whether there was a living session for the step to harm. */
export interface SessionJudgement {
  verdict: SessionVerdict | null
  wasAlive: boolean
}

/** Judges one session in one step. */
export function judgeSession(history: SessionHistory, course: SessionCourse): SessionJudgement {
  const { fault, step } = course.trial
  if (history.openedMs === null || history.openedMs > fault.fromMs) return { verdict: 'not-opened', wasAlive: false }
  const prior = endedBy(history, fault.fromMs) ?? (course.wasOverdue ? 'hung' : null)
  if (prior !== null) return { verdict: prior, wasAlive: false }
  return { verdict: endedBy(history, step.observedUntilMs) ?? heldVerdict(course), wasAlive: true }
}

/** Every message must come back once and in order: a gap, a repetition or an answer to nothing is another session's traffic or a proxy's. */
function endedBy({ corruptMs, closedMs, closeCause }: SessionHistory, untilMs: number): SessionVerdict | null {
  if (corruptMs !== null && corruptMs <= untilMs) return 'corrupt'
  if (closedMs === null || closedMs >= untilMs) return null
  const cause = closeCause ?? ''
  if (cause.startsWith('corrupt')) return 'corrupt'
  return /ETIMEDOUT|timed? ?out/i.test(cause) ? 'timed-out' : 'reset'
}

/** Of one that is still open: only a message sent after the recovery that came back shows that it lives on the path of now. */
function heldVerdict({ trial, isOverdue, provenMs, silentMs, everyMs }: SessionCourse): SessionVerdict | null {
  const { step, recoveredMs, fault, mostStallMs } = trial
  if (isOverdue) {
    const isFinal = deadlineOf(trial) <= step.observedUntilMs || (recoveredMs === null && step.end === 'expired')
    return isFinal ? 'hung' : null
  }
  if (provenMs <= (recoveredMs ?? fault.byMs)) return null
  return silentMs - everyMs > mostStallMs ? 'stalled' : 'survived'
}
