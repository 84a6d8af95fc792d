import { metricKinds } from '../model/metric.ts'
import type { Interval, Measurement, SessionVerdict } from '../model/result.ts'
import { plural, sayMs } from './quantity.ts'
import type { SessionHistory, Silence } from './session-history.ts'
import { lastSilenceOf, silencesOf } from './session-history.ts'
import type { SessionJudgement, SessionTrial } from './session-verdict.ts'
import { judgeSession } from './session-verdict.ts'
import { firstEpisode, outageOf, trafficIn } from './step-traffic.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence'>

/** The sessions of one stream in one step: their verdicts (in the order of the stream's sessions) and metrics. */
export interface JudgedSessions {
  judgements: SessionJudgement[]
  measurements: Measurement[]
}

/** What the sessions of a step are judged against: recovery and outage as the slowest packet stream saw them. */
export function trialOf(streams: readonly Stream[], step: ObservedStep): SessionTrial {
  const fault = step.injectedMs ?? { sent: step.startMs, acked: step.startMs }
  const packets = streams.filter(({ opened }) => opened.class === 'packets').map((stream) => trafficIn(stream, step))
  const recoveries = packets.map((traffic) => {
    const { windows, isOver } = firstEpisode(traffic, step.startMs)
    const after = windows.at(-1)?.after
    if (!isOver || after === null) return Infinity
    return after === undefined ? fault.acked : traffic.stream.clock.toRun(after.sentMs + (after.rttMs ?? 0)).high
  })
  const outages = packets.flatMap((traffic) => traffic.windows.map((window) => outageOf(traffic, window).high))
  const recoveredMs = Math.max(fault.acked, ...recoveries)
  return {
    step,
    fault: { fromMs: fault.sent, byMs: fault.acked },
    recoveredMs: Number.isFinite(recoveredMs) ? recoveredMs : null,
    outageMs: Math.max(0, ...outages.filter(Number.isFinite)),
  }
}

/** Judges every session of a stream in one step and counts them. */
export function measureSessions(stream: Stream, trial: SessionTrial): JudgedSessions {
  const judgements = stream.sessions.map((session) => judgeSession(session, trial))
  const unusable = unusableOf(stream, trial.step, judgements)
  const base = { step: trial.step.name, stream: stream.opened.stream }
  const nothing = { interval: null, evidence: unusable ?? '' }
  const alive = unusable === null ? countAlive(stream, judgements, trial) : nothing
  const stall = unusable === null ? longestStall(stream, judgements, trial) : nothing
  return {
    judgements,
    measurements: [
      { ...base, metric: 'sessionsAlive', unit: metricKinds.sessionsAlive.unit, ...alive },
      { ...base, metric: 'stall', unit: metricKinds.stall.unit, ...stall },
    ],
  }
}

const isAlive = ({ verdict, wasAlive }: SessionJudgement): boolean =>
  wasAlive && (verdict === 'survived' || verdict === 'stalled')

function unusableOf(stream: Stream, step: ObservedStep, judgements: readonly SessionJudgement[]): string | null {
  const { failure, unusable } = stream
  if (unusable !== null) return unusable
  if (failure !== null && failure.atMs < step.observedUntilMs) return `the stream failed: ${failure.reason}`
  if (judgements.some(({ wasAlive }) => wasAlive)) return null
  return `none of ${plural(judgements.length, 'session')} was alive when this step began`
}

/** A session that was dead before the step, or whose fate the recording does not tell, could be either: the count is an interval. */
function countAlive(stream: Stream, judgements: readonly SessionJudgement[], trial: SessionTrial): Measured {
  const low = judgements.filter(isAlive).length
  const open = judgements.filter(({ verdict, wasAlive }) => !wasAlive || verdict === null).length
  const fates = judgements.flatMap((judgement, index) => {
    const session = stream.sessions[index]
    return isAlive(judgement) || session === undefined ? [] : [fateOf(session, judgement, trial)]
  })
  const shown = fates.length > 3 ? [...fates.slice(0, 3), `${fates.length - 3} more`] : fates
  const summary = `${low} of ${plural(judgements.length, 'session')} carried every message`
  return { interval: { low, high: low + open }, evidence: [summary, ...shown].join('; ') }
}

function fateOf(session: SessionHistory, { verdict, wasAlive }: SessionJudgement, trial: SessionTrial): string {
  const name = `session ${session.session}`
  if (verdict === null) return `${name}: the recording ends before its deadline`
  if (!wasAlive)
    return verdict === 'not-opened'
      ? `${name} was not open before the fault`
      : `${name} was dead before this step (${verdict})`
  return `${name} ${fates[verdict]}${whenOf(session, verdict, trial)}`
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

/** The longest silence that began in the step, less the pause between two messages that is there anyway. */
function longestStall(stream: Stream, judgements: readonly SessionJudgement[], trial: SessionTrial): Measured {
  const { everyMs } = stream.opened
  const living = stream.sessions.filter((_, index) => judgements[index]?.wasAlive)
  const stalls = living.flatMap((session) =>
    silencesIn(session, trial.step, everyMs).map((silence) => ({
      session,
      ...stallOf(silence, session, trial.step, everyMs),
    })),
  )
  const worst = stalls.toSorted(
    (one, other) => other.interval.high - one.interval.high || other.interval.low - one.interval.low,
  )[0]
  if (worst === undefined) return { interval: null, evidence: 'no session said anything in this step' }
  const end = Number.isFinite(worst.interval.high) ? '' : ', never ended'
  return { interval: worst.interval, evidence: `longest in session ${worst.session.session}${end}` }
}

function silencesIn(session: SessionHistory, step: ObservedStep, everyMs: number): Silence[] {
  const last = lastSilenceOf(session)
  const all = [...silencesOf(session), ...(last === null ? [] : [last])]
  return all.filter(({ fromMs, toMs }) => {
    const dueMs = Math.min(fromMs + everyMs, toMs ?? Infinity)
    return dueMs >= step.startMs && dueMs < step.observedUntilMs
  })
}

function stallOf(
  { fromMs, toMs }: Silence,
  { closedMs }: SessionHistory,
  step: ObservedStep,
  everyMs: number,
): { interval: Interval } {
  const endMs = toMs ?? Math.min(closedMs ?? Infinity, step.observedUntilMs)
  const high = toMs === null ? Infinity : toMs - fromMs
  return { interval: { low: Math.max(0, endMs - fromMs - everyMs), high } }
}
