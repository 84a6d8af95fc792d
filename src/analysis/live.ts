import type { Event, EventOf } from '../model/event.ts'
import type { ClockRelation } from './clock-relation.ts'
import { relateClock } from './clock-relation.ts'
import type { Facts } from './facts.ts'
import { factsOf } from './facts.ts'
import type { Probe } from './probes.ts'
import { classify, isImpaired, percentile, rttOf, thetaOf } from './probes.ts'
import type { SessionHistory } from './session-history.ts'
import { historiesOf } from './session-history.ts'
import { sessionGraceMs } from './session-verdict.ts'
import { sustained } from './step-traffic.ts'

/** A message may be on its way this long before its session counts as behind, ms. */
const underwayMs = 1000

/** A stream of a run that is still going on. `probes` end where one may still be waiting for its answer. */
interface LiveStream {
  opened: EventOf<'stream-opened'>
  probes: Probe[]
  sessions: SessionHistory[]
}

/** How long, ms, all streams have been clean up to now: every probe answered in time, every session open and echoing. 0 where one is not. */
export function cleanForMs(events: readonly Event[], nowMs: number): number {
  const streams = liveStreams(factsOf(events), events, nowMs)
  if (streams === null) return 0
  return Math.min(...streams.map((stream) => cleanStreamForMs(stream, nowMs)))
}

/**
 * When the traffic of a step recovered for good, ms on the run's clock; null while it has not. Asks for 5 good probes and 5 s without an
 * impaired one on every packet stream, counted from the fault itself, or after healing from when the pair was settled again;
 * and for every session to have caught up, closed, or missed its deadline.
 */
export function recoveredAt(events: readonly Event[], step: string, nowMs: number): number | null {
  const start = events.findLastIndex((event) => event.type === 'step-started' && event.step === step)
  const sinceMs = start < 0 ? null : actedMs(events.slice(start), step)
  const streams = sinceMs === null ? null : liveStreams(factsOf(events), events.slice(start), nowMs)
  if (sinceMs === null || streams === null) return null
  const recoveries = streams.flatMap((stream) => packetRecovery(stream, sinceMs, nowMs))
  if (recoveries.some((recovery) => recovery === null)) return null
  const found = recoveries.filter((recovery) => recovery !== null)
  const recoveredMs = Math.max(sinceMs, ...found.map(({ atMs }) => atMs))
  const deadlineMs = recoveredMs + sessionGraceMs(Math.max(0, ...found.map(({ outageMs }) => outageMs))) + underwayMs
  const isHeld = streams.every((stream) => stream.sessions.every((session) => isDecided(session, recoveredMs, nowMs)))
  return isHeld || nowMs > deadlineMs ? recoveredMs : null
}

/** Every stream from `tail` on; null where there is none, one failed, or the clock of one is unknown. */
function liveStreams(facts: Facts, tail: readonly Event[], nowMs: number): LiveStream[] | null {
  const opened = facts.of('stream-opened')
  if (opened.length === 0 || facts.of('stream-failed').length > 0) return null
  const syncs = Map.groupBy(facts.of('clock-sync'), ({ machine }) => machine)
  const openings = [...facts.of('session-opened'), ...facts.of('session-closed')]
  const traffic = tail.filter((event) => event.type === 'probe' || event.type === 'message' || event.type === 'echo')
  const streams = opened.flatMap((stream): LiveStream[] => {
    const clock = relateClock(syncs.get(stream.from) ?? [])
    const own = [...openings, ...traffic].filter((event) => event.stream === stream.stream)
    return clock === null ? [] : [liveStream(stream, own, clock, nowMs)]
  })
  return streams.length === opened.length ? streams : null
}

function liveStream(
  opened: EventOf<'stream-opened'>,
  own: readonly Event[],
  clock: ClockRelation,
  nowMs: number,
): LiveStream {
  if (opened.class === 'sessions') return { opened, probes: [], sessions: historiesOf(own, opened, clock) }
  const events = own.filter((event) => event.type === 'probe')
  const { timeoutMs } = opened
  const rttMs = percentile(
    events.slice(-200).flatMap((event) => rttOf(event, timeoutMs) ?? []),
    0.5,
  )
  const thetaMs = thetaOf(rttMs === null ? [] : [rttMs], timeoutMs)
  const probes = classify(events, { thetaMs, timeoutMs }, clock)
  return { opened, probes: resolved(probes, opened, nowMs), sessions: [] }
}

/** The probes up to the first one that may still get its answer. */
function resolved(probes: Probe[], { everyMs, timeoutMs }: EventOf<'stream-opened'>, nowMs: number): Probe[] {
  const pending = probes.findIndex((probe, index) => {
    const next = probes[index + 1]
    return next !== undefined && next.seq > probe.seq + 1 && probe.runMs + everyMs > nowMs - timeoutMs - underwayMs
  })
  return pending < 0 ? probes : probes.slice(0, pending + 1)
}

/** When a step's fault or healing had happened, or later: when the pair was settled after it. Null while it has not. */
function actedMs(sinceStart: readonly Event[], step: string): number | null {
  const acted = sinceStart.find(
    (event) => (event.type === 'injected' || event.type === 'healed') && event.step === step,
  )
  if (acted === undefined || !('ackedMs' in acted)) return null
  const settled = sinceStart.findLast(
    (event) => event.type === 'gate' && event.phase === 'after' && event.state === 'settled',
  )
  return Math.max(acted.ackedMs, settled?.atMs ?? acted.ackedMs)
}

function cleanStreamForMs({ opened, probes, sessions }: LiveStream, nowMs: number): number {
  if (opened.class === 'sessions') return cleanSessionsForMs(sessions, nowMs)
  const last = probes.at(-1)
  if (last === undefined || isStale(last, opened, nowMs)) return 0
  const impaired = probes.findLastIndex(isImpaired)
  const first = probes[impaired + 1]
  return first === undefined ? 0 : last.runMs - first.runMs
}

function cleanSessionsForMs(sessions: readonly SessionHistory[], nowMs: number): number {
  if (sessions.length === 0) return 0
  const cleanMs = sessions.map((session) => {
    const { openedMs, closedMs } = session
    return openedMs !== null && closedMs === null && hasCaughtUp(session, nowMs - 2 * underwayMs, nowMs)
      ? nowMs - openedMs
      : 0
  })
  return Math.min(...cleanMs)
}

/** One probe more than a lasting recovery needs: the step ends here, and the final clock relation may move the last probe by a little. */
function packetRecovery(
  { opened, probes }: LiveStream,
  sinceMs: number,
  nowMs: number,
): ({ atMs: number; outageMs: number } | null)[] {
  if (opened.class !== 'packets') return []
  const [firstBad, lastBad, last] = [probes.find(isImpaired), probes.findLastIndex(isImpaired), probes.at(-1)]
  const good = probes.slice(lastBad + 1).filter(({ runMs }) => runMs > sinceMs)
  const fromMs = Math.max(sinceMs, probes[lastBad]?.runMs ?? sinceMs)
  if (last === undefined || isStale(last, opened, nowMs)) return [null]
  if (good.length <= sustained.probes || last.runMs - fromMs < sustained.cleanMs + opened.everyMs) return [null]
  const atMs = good[0]?.runMs ?? sinceMs
  return [{ atMs, outageMs: firstBad === undefined ? 0 : fromMs - firstBad.runMs + 2 * opened.everyMs }]
}

/** Whether the last word on a stream is too old to speak of now. */
const isStale = (last: Probe, { everyMs }: EventOf<'stream-opened'>, nowMs: number): boolean =>
  last.runMs < nowMs - Math.max(underwayMs, 3 * everyMs)

const isDecided = (session: SessionHistory, afterMs: number, nowMs: number): boolean =>
  session.closedMs !== null || session.openedMs === null || hasCaughtUp(session, afterMs, nowMs)

/** Whether a message sent after an instant came back, and none is overdue. */
function hasCaughtUp({ messages, echoes }: SessionHistory, afterMs: number, nowMs: number): boolean {
  const answered = new Set(echoes.map(({ seq }) => seq))
  const isBehind = [...messages].some(([seq, sentMs]) => !answered.has(seq) && sentMs < nowMs - underwayMs)
  return !isBehind && echoes.some(({ seq }) => (messages.get(seq) ?? -Infinity) > afterMs)
}
