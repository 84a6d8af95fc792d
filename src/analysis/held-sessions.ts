import type { Event } from '../model/event.ts'
import type { Scenario } from '../model/scenario.ts'
import type { SessionFact } from './session-history.ts'
import { SessionsFold } from './session-history.ts'
import type { SessionTrial } from './session-trial.ts'
import type { ObservedStep } from './steps.ts'
import type { Stream } from './streams.ts'
import { trafficIn } from './streams.ts'

/**
 * The streams with their sessions. What a session is judged against is only known once the packet streams are folded, so the recording is
 * read again for them, and just what the verdicts need is kept of each.
 */
export function withSessions(
  streams: readonly Stream[],
  events: Iterable<Event>,
  steps: readonly ObservedStep[],
  scenario: Pick<Scenario, 'expect'>,
): Stream[] {
  const held = streams.filter(({ opened, unusable }) => opened.class === 'sessions' && unusable === null)
  if (held.length === 0) return [...streams]
  const folds = new Map(
    held.map(({ opened, clock }) => {
      const trials = steps.map((step) => trialOf(streams, step, scenario, opened.stream))
      return [opened.stream, new SessionsFold(opened, clock, trials)]
    }),
  )
  for (const event of events) if (isOfSession(event)) folds.get(event.stream)?.note(event)
  return streams.map((stream) => ({ ...stream, sessions: folds.get(stream.opened.stream)?.end() ?? [] }))
}

const isOfSession = (event: Event): event is SessionFact =>
  event.type === 'session-opened' ||
  event.type === 'session-closed' ||
  event.type === 'messages' ||
  event.type === 'echoes'

/** What the sessions of a stream are judged against in a step: recovery and outage as the slowest packet stream saw them. */
function trialOf(
  streams: readonly Stream[],
  step: ObservedStep,
  { expect }: Pick<Scenario, 'expect'>,
  name: string,
): SessionTrial {
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
  const outageMs = Math.max(0, ...packets.map(({ longestMs }) => longestMs))
  const wanted = expect.find(({ metric, stream }) => metric === `${step.name}.stall` && stream === name)
  return {
    step,
    fault: { fromMs: fault.sent, byMs: fault.acked },
    recoveredMs: Number.isFinite(recoveredMs) ? recoveredMs : null,
    recoveredFromMs: Math.min(recoveredMs, Math.max(fault.sent, ...impaired)),
    outageMs,
    mostStallMs: wanted?.max ?? 2 * outageMs + 1000,
  }
}
