import { metricKinds } from '../model/metric.ts'
import type { Measurement } from '../model/result.ts'
import { plural } from './quantity.ts'
import type { HeldSessions } from './session-count.ts'
import { agedMs, countAlive } from './session-count.ts'
import { longestLag, longestStall } from './session-silence.ts'
import type { SessionJudgement, SessionTrial } from './session-verdict.ts'
import { judgeSession } from './session-verdict.ts'
import type { SocketState } from './socket-state.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'
import { trafficIn } from './streams.ts'

type Measured = Pick<Measurement, 'interval' | 'evidence' | 'of'>

/** The sessions of one stream in one step: their verdicts (in the order of the stream's sessions) and metrics. */
export interface JudgedSessions {
  judgements: SessionJudgement[]
  measurements: Measurement[]
}

/** What the sessions of a step are judged against: recovery and outage as the slowest packet stream saw them. */
export function trialOf(streams: readonly Stream[], step: ObservedStep): SessionTrial {
  const fault = step.injectedMs ?? { sent: step.startMs, acked: step.startMs }
  const packets = streams.filter(({ opened }) => opened.class === 'packets').map((stream) => trafficIn(stream, step))
  const recoveries = packets.map(({ stream, afterStart }) => {
    const after = afterStart.last?.after
    if (!afterStart.isOver || after === null) return Infinity
    return after === undefined ? fault.acked : stream.clock.toRun(after.sentMs + (after.rttMs ?? 0)).high
  })
  const impaired = packets.flatMap(({ stream, afterStart }) => {
    const last = afterStart.last?.last
    return last === undefined ? [] : [stream.clock.toRun(last.sentMs).low]
  })
  const recoveredMs = Math.max(fault.acked, ...recoveries)
  return {
    step,
    fault: { fromMs: fault.sent, byMs: fault.acked },
    recoveredMs: Number.isFinite(recoveredMs) ? recoveredMs : null,
    recoveredFromMs: Math.min(recoveredMs, Math.max(fault.sent, ...impaired)),
    outageMs: Math.max(0, ...packets.map(({ longestMs }) => longestMs)),
  }
}

/** Judges every session of a stream in one step and counts them. */
export function measureSessions(
  stream: Stream,
  trial: SessionTrial,
  sockets: ReadonlyMap<number, SocketState> = new Map(),
): JudgedSessions {
  const judgements = stream.sessions.map((session) => judgeSession(session, trial))
  const held = { stream, judgements, trial, sockets }
  const unusable = unusableOf(stream, trial.step, judgements)
  const base = { step: trial.step.name, stream: stream.opened.stream }
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

const metrics = ['sessionsAlive', 'youngSessionsAlive', 'stall', 'resumeLag'] as const

/** Young sessions are told of where there are any, or where the stream is there to have some. */
function metricsOf({ stream, judgements, trial }: HeldSessions): readonly (typeof metrics)[number][] {
  const isYoung = ({ openedMs }: Stream['sessions'][number], index: number) =>
    judgements[index]?.wasAlive === true && (openedMs ?? 0) > trial.fault.fromMs - agedMs
  const hasYoung = stream.opened.openEveryMs !== undefined || stream.sessions.some(isYoung)
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
