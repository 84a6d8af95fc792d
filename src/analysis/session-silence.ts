import type { Interval } from '../model/interval.ts'
import { sayMs } from './quantity.ts'
import type { HeldSessions } from './session-count.ts'
import type { SessionHistory, Silence } from './session-history.ts'
import { lastSilenceOf, silencesOf } from './session-history.ts'
import type { ObservedStep } from './steps.ts'

interface Measured {
  interval: Interval | null
  evidence: string
}

/** The longest silence that began in the step, less the pause between two messages that is there anyway. */
export function longestStall({ stream, judgements, trial: { step } }: HeldSessions): Measured {
  const { everyMs } = stream.opened
  let worst: { session: number; interval: Interval } | null = null
  for (const [index, session] of stream.sessions.entries()) {
    if (judgements[index]?.wasAlive !== true) continue
    for (const silence of everySilence(session)) {
      if (!beginsIn(silence, step, everyMs)) continue
      const interval = stallOf(silence, session, step, everyMs)
      if (worst === null || isLonger(interval, worst.interval)) worst = { session: session.session, interval }
    }
  }
  if (worst === null) return { interval: null, evidence: 'no session said anything in this step' }
  const end = Number.isFinite(worst.interval.high) ? '' : ', never ended'
  return { interval: worst.interval, evidence: `longest in session ${worst.session}${end}` }
}

/**
 * For how long after the recovery of the packet streams the slowest session was still silent: TCP doubles its waits, so a session may sleep
 * through the recovery. One that never spoke again has no upper end.
 */
export function longestLag({ stream, judgements, trial }: HeldSessions): Measured {
  const { recoveredMs, recoveredFromMs } = trial
  if (recoveredMs === null) return { interval: null, evidence: 'the packet streams did not recover' }
  let worst: { session: number; interval: Interval } | null = null
  for (const [index, session] of stream.sessions.entries()) {
    if (judgements[index]?.wasAlive !== true) continue
    const resumedMs = resumptionOf(session, recoveredMs)
    const low = Math.max(0, Math.min(resumedMs, trial.step.observedUntilMs) - recoveredMs)
    const interval = { low, high: Math.max(0, resumedMs - recoveredFromMs) }
    if (worst === null || isLonger(interval, worst.interval)) worst = { session: session.session, interval }
  }
  if (worst === null) return { interval: null, evidence: 'no session was alive when this step began' }
  const end = Number.isFinite(worst.interval.high) ? '' : ', which never spoke again'
  return {
    interval: worst.interval,
    evidence: `slowest was session ${worst.session}${end}; recovery known to ${sayMs(recoveredMs - recoveredFromMs)}`,
  }
}

/** When the first echo after an instant came, where one was waited for by then; the instant itself where none was; Infinity where none came. */
function resumptionOf(session: SessionHistory, atMs: number): number {
  const { sent, echoed } = session
  const answered = echoed.countUpTo(atMs)
  const isWaiting = sent.countUpTo(atMs) > answered
  return isWaiting ? (echoed.at(answered) ?? Infinity) : atMs
}

function* everySilence(session: SessionHistory): Generator<Silence> {
  yield* silencesOf(session)
  const last = lastSilenceOf(session)
  if (last !== null) yield last
}

function beginsIn({ fromMs, toMs }: Silence, step: ObservedStep, everyMs: number): boolean {
  const dueMs = Math.min(fromMs + everyMs, toMs ?? Infinity)
  return dueMs >= step.startMs && dueMs < step.observedUntilMs
}

function stallOf(
  { fromMs, toMs }: Silence,
  { closedMs }: SessionHistory,
  step: ObservedStep,
  everyMs: number,
): Interval {
  const endMs = toMs ?? Math.min(closedMs ?? Infinity, step.observedUntilMs)
  const high = toMs === null ? Infinity : toMs - fromMs
  return { low: Math.max(0, endMs - fromMs - everyMs), high }
}

const isLonger = (one: Interval, other: Interval): boolean =>
  one.high > other.high || (one.high === other.high && one.low > other.low)
