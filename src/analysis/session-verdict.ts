import type { SessionVerdict } from '../model/result.ts'
import type { ObservedStep } from './steps.ts'
import type { SessionHistory } from './session-history.ts'
import { silencesOf } from './session-history.ts'

/** How long a message may take to come back where nothing is broken, ms. */
const echoWithinMs = 2000

/** What a session is judged against in one step, on the run's clock. */
export interface SessionTrial {
  step: ObservedStep
  /** When the step's fault (or its healing) began, and from when on it had happened. */
  fault: { fromMs: number; byMs: number }
  /** When all packet streams carried traffic again; null where they did not. */
  recoveredMs: number | null
  /** Before this at least one of them did not yet. */
  recoveredFromMs: number
  /** The longest outage that the packet streams allow. */
  outageMs: number
}

/** A verdict, null where the recording ends too early for one. `wasAlive`: whether there was a living session for the step to harm. */
export interface SessionJudgement {
  verdict: SessionVerdict | null
  wasAlive: boolean
}

/** Sessions get this long after the recovery of the data plane, ms: TCP doubles its waits, so a silence can be twice the outage. */
export const sessionGraceMs = (outageMs: number): number => Math.max(2 * outageMs, 5000) + 1000

/** Judges one session in one step. */
export function judgeSession(history: SessionHistory, trial: SessionTrial): SessionJudgement {
  const { fault, step } = trial
  if (history.openedMs === null || history.openedMs > fault.fromMs) return { verdict: 'not-opened', wasAlive: false }
  const prior = deadBefore(history, fault.fromMs)
  if (prior !== null) return { verdict: prior, wasAlive: false }
  if (isCorrupt(history, step.observedUntilMs)) return { verdict: 'corrupt', wasAlive: true }
  const closed = closedWithin(history, step.observedUntilMs)
  return { verdict: closed ?? heldVerdict(history, trial), wasAlive: true }
}

function deadBefore(history: SessionHistory, atMs: number): SessionVerdict | null {
  if (isCorrupt(history, atMs)) return 'corrupt'
  const closed = closedWithin(history, atMs)
  return closed ?? (unanswered(history, atMs - echoWithinMs, atMs) ? 'hung' : null)
}

function closedWithin({ closedMs, closeCause }: SessionHistory, untilMs: number): SessionVerdict | null {
  if (closedMs === null || closedMs >= untilMs) return null
  const cause = closeCause ?? ''
  if (cause.startsWith('corrupt')) return 'corrupt'
  return /ETIMEDOUT|timed? ?out/i.test(cause) ? 'timed-out' : 'reset'
}

function heldVerdict(history: SessionHistory, trial: SessionTrial): SessionVerdict | null {
  const { step, recoveredMs, fault, outageMs } = trial
  const deadlineMs = recoveredMs === null ? Infinity : recoveredMs + sessionGraceMs(outageMs)
  const untilMs = Math.min(deadlineMs, step.observedUntilMs)
  if (unanswered(history, untilMs - echoWithinMs, untilMs)) {
    const isFinal = deadlineMs <= step.observedUntilMs || (recoveredMs === null && step.end === 'expired')
    return isFinal ? 'hung' : null
  }
  if (!isProven(history, recoveredMs ?? fault.byMs, untilMs)) return null
  return longestSilenceMs(history, fault.fromMs, untilMs) > 2 * outageMs + 1000 ? 'stalled' : 'survived'
}

/** Whether a message sent after recovery was echoed: only that shows that the session lives on the path of now. */
function isProven({ sent, echoed }: SessionHistory, afterMs: number, untilMs: number): boolean {
  const answered = echoed.countUpTo(untilMs)
  return answered > 0 && (sent.at(answered - 1) ?? -Infinity) > afterMs
}

function unanswered({ sent, echoed }: SessionHistory, sentByMs: number, echoedByMs: number): boolean {
  return sent.countUpTo(sentByMs) > echoed.countUpTo(echoedByMs)
}

/** Every message must come back once and in order: a gap, a repetition or an answer to nothing is another session's traffic or a proxy's. */
const isCorrupt = ({ corruptMs }: SessionHistory, untilMs: number): boolean =>
  corruptMs !== null && corruptMs <= untilMs

function longestSilenceMs(history: SessionHistory, fromMs: number, untilMs: number): number {
  let longestMs = 0
  for (const silence of silencesOf(history)) {
    if (silence.toMs !== null && silence.toMs >= fromMs && silence.fromMs <= untilMs)
      longestMs = Math.max(longestMs, silence.toMs - silence.fromMs)
  }
  return longestMs
}
