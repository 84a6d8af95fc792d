import type { Event, EventOf } from '../model/event.ts'
import type { StreamTrace } from '../model/result.ts'
import type { ClockRelation } from './clock-relation.ts'
import { relateClock } from './clock-relation.ts'
import type { Facts } from './facts.ts'
import type { Delays, Window } from './outage.ts'
import { windowTrace, windowsOf } from './outage.ts'
import type { Probe } from './probes.ts'
import { classify, percentile, rttOf, thetaOf } from './probes.ts'
import type { SessionHistory } from './session-history.ts'
import { historiesOf, stallsOf } from './session-history.ts'

/** One stream, folded: its opening, its clock, its probes or sessions. `unusable` says why nothing can be measured on it. */
export interface Stream {
  opened: EventOf<'stream-opened'>
  clock: ClockRelation
  thetaMs: number
  /** The delays of clean traffic; 0 where there was none. */
  delays: Delays
  probes: Probe[]
  evidence: Probe[]
  windows: Window[]
  sessions: SessionHistory[]
  failure: { atMs: number; reason: string } | null
  unusable: string | null
}

const noClock: ClockRelation = { toRun: (machineMs) => ({ low: machineMs, high: machineMs }) }

/** Folds every stream that was opened. `firstStepMs` ends the clean traffic that the delay threshold comes from. */
export function streamsOf(facts: Facts, firstStepMs: number): Stream[] {
  const syncs = Map.groupBy(facts.of('clock-sync'), ({ machine }) => machine)
  const byStream = Map.groupBy(facts.events, (event) => ('stream' in event ? event.stream : ''))
  const cleanMs = facts.of('clean-traffic').findLast(({ atMs }) => atMs <= firstStepMs)?.sinceMs ?? null
  return [...byStream].flatMap(([name, events]) => {
    const opened = events.find((event) => event.type === 'stream-opened')
    if (opened === undefined || name === '') return []
    const clock = relateClock(syncs.get(opened.from) ?? [])
    return [streamOf(opened, clock, events, { fromMs: cleanMs, toMs: firstStepMs })]
  })
}

function streamOf(
  opened: EventOf<'stream-opened'>,
  clock: ClockRelation | null,
  events: readonly Event[],
  clean: { fromMs: number | null; toMs: number },
): Stream {
  const failed = events.find((event) => event.type === 'stream-failed')
  const failure = failed === undefined ? null : { atMs: failed.atMs, reason: failed.reason }
  const probeEvents = clock === null ? [] : events.filter((event) => event.type === 'probe')
  const baseline = baselineOf(probeEvents, opened.timeoutMs, clock ?? noClock, clean)
  const delays = delaysOf(baseline)
  const thetaMs = thetaOf(baseline, opened.timeoutMs)
  const probes = classify(probeEvents, { thetaMs, timeoutMs: opened.timeoutMs }, clock ?? noClock)
  const evidence = probes.filter(({ isEvidence }) => isEvidence)
  return {
    opened,
    clock: clock ?? noClock,
    thetaMs,
    delays,
    probes,
    evidence,
    windows: windowsOf(evidence, delays),
    sessions: clock === null || opened.class !== 'sessions' ? [] : historiesOf(events, opened, clock),
    failure,
    unusable: clock === null ? `the clock of ${opened.from} was never compared with the run's (no clock-sync)` : null,
  }
}

function delaysOf(rttsMs: readonly number[]): Delays {
  const rttMs = percentile(rttsMs, 0.99) ?? 0
  return { rttMs, jitterMs: rttMs - (percentile(rttsMs, 0) ?? rttMs) }
}

function baselineOf(
  probes: readonly EventOf<'probe'>[],
  timeoutMs: number,
  clock: ClockRelation,
  clean: { fromMs: number | null; toMs: number },
): number[] {
  const { fromMs, toMs } = clean
  if (fromMs === null) return []
  return probes.flatMap((probe) => {
    const { low, high } = clock.toRun(probe.sentMs)
    return low >= fromMs && high < toMs ? (rttOf(probe, timeoutMs) ?? []) : []
  })
}

/** The stream as reports show it. */
export function streamTrace(stream: Stream, stepVerdicts: StreamTrace['sessions'][number]['verdicts'][]): StreamTrace {
  const { opened, probes, windows, sessions } = stream
  return {
    name: opened.stream,
    kind: opened.kind,
    class: opened.class,
    from: opened.from,
    to: opened.to,
    everyMs: opened.everyMs,
    thetaMs: stream.thetaMs,
    timeoutMs: opened.timeoutMs,
    settings: opened.settings,
    clockBoundMs: clockBoundOf(stream),
    failure: stream.failure?.reason ?? stream.unusable,
    probes: probes.map(({ seq, runMs, rttMs, class: kind }) => ({ seq, atMs: runMs, rttMs, class: kind })),
    windows: windows.map((window) => windowTrace(window, stream.delays)),
    sessions: sessions.map((session, index) => ({
      session: session.session,
      openedMs: session.openedMs,
      closedMs: session.closedMs,
      closeCause: session.closeCause,
      stalls: stallsOf(session, 2 * opened.everyMs),
      verdicts: stepVerdicts[index] ?? {},
    })),
  }
}

/** The widest half-width with which the stream's instants are known on the run's clock, ms. */
function clockBoundOf({ probes, clock }: Stream): number {
  let boundMs = 0
  for (const { sentMs } of probes) {
    const { low, high } = clock.toRun(sentMs)
    boundMs = Math.max(boundMs, (high - low) / 2)
  }
  return boundMs
}
