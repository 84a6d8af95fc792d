import { metricKinds } from '../model/metric.ts'
import type { Measurement } from '../model/result.ts'
import { plural } from './quantity.ts'
import type { HeldSessions, JudgedSession } from './session-count.ts'
import { agedMs, countAlive } from './session-count.ts'
import type { SessionHistory } from './session-history.ts'
import { longestLag, longestStall } from './session-silence.ts'
import type { SessionJudgement } from './session-verdict.ts'
import { judgeSession } from './session-verdict.ts'
import type { SocketState } from './socket-state.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence' | 'of'>

/** The sessions of one stream in one step: their verdicts (in the order of the stream's sessions) and metrics. */
export interface JudgedSessions {
  judgements: SessionJudgement[]
  measurements: Measurement[]
}

/** Judges every session of a stream in one step and counts them. */
export function measureSessions(
  stream: Stream,
  step: ObservedStep,
  sockets: ReadonlyMap<number, SocketState> = new Map(),
): JudgedSessions {
  const sessions = stream.sessions.flatMap((history) => judged(history, step))
  const judgements = sessions.map(({ judgement }) => judgement)
  const held = { stream, step, sessions, sockets }
  const unusable = unusableOf(stream, step, judgements)
  const base = { step: step.name, stream: stream.opened.stream }
  return {
    judgements,
    measurements: metricsOf(held).map((metric) => ({
      ...base,
      metric,
      unit: metricKinds[metric].unit,
      ...(unusable === null ? measures[metric](held) : { interval: null, evidence: unusable }),
    })),
  }
}

function judged(history: SessionHistory, step: ObservedStep): JudgedSession[] {
  const course = history.courses.find(({ trial }) => trial.step === step)
  return course === undefined ? [] : [{ history, course, judgement: judgeSession(history, course) }]
}

const metrics = ['sessionsAlive', 'youngSessionsAlive', 'stall', 'resumeLag'] as const

/** Young sessions are told of where there are any, or where the stream is there to have some. */
function metricsOf({ stream, sessions }: HeldSessions): readonly (typeof metrics)[number][] {
  const isYoung = ({ history, course, judgement }: JudgedSession) =>
    judgement.wasAlive && (history.openedMs ?? 0) > course.trial.fault.fromMs - agedMs
  const hasYoung = stream.opened.openEveryMs !== undefined || sessions.some(isYoung)
  return hasYoung ? metrics : metrics.filter((metric) => metric !== 'youngSessionsAlive')
}

const measures: Record<(typeof metrics)[number], (held: HeldSessions) => Measured> = {
  sessionsAlive: (held) => countAlive(held, 'aged'),
  youngSessionsAlive: (held) => countAlive(held, 'young'),
  stall: longestStall,
  resumeLag: longestLag,
}

function unusableOf(stream: Stream, step: ObservedStep, judgements: readonly SessionJudgement[]): string | null {
  const { failure, unusable } = stream
  if (unusable !== null) return unusable
  if (failure !== null && failure.atMs < step.observedUntilMs) return `the stream failed: ${failure.reason}`
  if (judgements.some(({ wasAlive }) => wasAlive)) return null
  return `none of ${plural(judgements.length, 'session')} was alive when this step began`
}
