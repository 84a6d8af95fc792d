import type { Event, EventOf } from '../model/event.ts'
import type { StepCounts } from '../model/packet-trace.ts'
import type { StreamTrace } from '../model/result.ts'
import type { ClockRelation } from './clock-relation.ts'
import { relateClock } from './clock-relation.ts'
import type { Facts } from './facts.ts'
import { crossCheck } from './arrivals.ts'
import type { Delays } from './outage.ts'
import { windowTrace } from './outage.ts'
import type { PacketHistory } from './packet-history.ts'
import { PacketFold } from './packet-fold.ts'
import { percentile, thetaOf } from './probes.ts'
import type { SessionHistory } from './session-history.ts'
import { StepFold } from './step-fold.ts'
import type { StepTraffic } from './step-traffic.ts'
import { outageOf } from './step-traffic.ts'
import type { ObservedStep } from './steps.ts'
import type { StreamBasis } from './stream-basis.ts'

/** One stream, folded: what it is judged by, and its probes or its sessions. */
export interface Stream extends StreamBasis {
  packets: PacketHistory
  sessions: SessionHistory[]
}

/** What a packet stream saw in a step; a step that the fold never met saw nothing. */
export const trafficIn = (stream: Stream, step: ObservedStep): StepTraffic =>
  stream.packets.traffic.find((traffic) => traffic.step === step) ?? new StepFold(stream, step, []).end()

const noClock: ClockRelation = { toRun: (machineMs) => ({ low: machineMs, high: machineMs }) }

/** Folds every stream that was opened, in a second reading of the recording; sessions are left to a third. */
export function streamsOf(facts: Facts, events: Iterable<Event>, steps: readonly ObservedStep[]): Stream[] {
  const firstMs = steps[0]?.startMs ?? Infinity
  const cleanFromMs = facts.of('clean-traffic').findLast(({ atMs }) => atMs <= firstMs)?.sinceMs ?? null
  const bases = basesOf(facts, { fromMs: cleanFromMs, toMs: firstMs })
  const folds = new Map(bases.map((basis) => [basis.opened.stream, new StreamFold(basis, { steps, cleanFromMs })]))
  for (const event of events) if ('stream' in event) folds.get(event.stream)?.note(event)
  return [...folds.values()].map((fold) => fold.end())
}

/** The stretch of clean traffic that the delay threshold comes from; `fromMs` null where nobody saw any. */
interface Clean {
  fromMs: number | null
  toMs: number
}

function basesOf(facts: Facts, clean: Clean): StreamBasis[] {
  const syncs = Map.groupBy(facts.of('clock-sync'), ({ machine }) => machine)
  const opened = [...Map.groupBy(facts.of('stream-opened'), ({ stream }) => stream)].flatMap(([, own]) => own[0] ?? [])
  return opened.map((stream) => {
    const clock = relateClock(syncs.get(stream.from) ?? [])
    const failed = facts.of('stream-failed').find((event) => event.stream === stream.stream)
    const baseline = clock === null ? [] : baselineOf(facts, stream, clock, clean)
    return {
      opened: stream,
      clock: clock ?? noClock,
      thetaMs: thetaOf(baseline, stream.timeoutMs),
      delays: delaysOf(baseline),
      failure: failed === undefined ? null : { atMs: failed.atMs, reason: failed.reason },
      unusable: clock === null ? `the clock of ${stream.from} was never compared with the run's (no clock-sync)` : null,
    }
  })
}

function baselineOf(facts: Facts, opened: EventOf<'stream-opened'>, clock: ClockRelation, clean: Clean): number[] {
  const { fromMs, toMs } = clean
  if (fromMs === null) return []
  return facts.answersOf(opened.stream).flatMap(({ sentMs, rttMs }) => {
    const { low, high } = clock.toRun(sentMs)
    return low >= fromMs && high < toMs ? [rttMs] : []
  })
}

function delaysOf(rttsMs: readonly number[]): Delays {
  const rttMs = percentile(rttsMs, 0.99) ?? 0
  return { rttMs, jitterMs: rttMs - (percentile(rttsMs, 0) ?? rttMs) }
}

/** The facts of one stream, as they pass. */
class StreamFold {
  readonly #basis: StreamBasis
  readonly #packets: PacketFold

  constructor(basis: StreamBasis, course: ConstructorParameters<typeof PacketFold>[1]) {
    this.#basis = basis
    this.#packets = new PacketFold(basis, course)
  }

  note(event: Event): void {
    if (this.#basis.unusable !== null) return
    if (event.type === 'probe' || event.type === 'extra-answer' || event.type === 'stale-answer')
      this.#packets.note(event)
  }

  end(): Stream {
    const packets = this.#packets.end()
    const disorder = disorderOf(packets)
    for (const traffic of packets.traffic) traffic.unusable ??= disorder
    return {
      ...this.#basis,
      unusable: this.#basis.unusable ?? disorder,
      packets,
      sessions: [],
    }
  }
}

const disorderOf = ({ disordered }: PacketHistory): string | null =>
  disordered === 0 ? null : `${disordered} of its probes were recorded far out of the order of their sending`

/** The stream as reports show it. */
export function streamTrace(stream: Stream, stepVerdicts: StreamTrace['sessions'][number]['verdicts'][]): StreamTrace {
  const { opened, packets, sessions } = stream
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
    clockBoundMs: packets.clockBoundMs,
    failure: stream.failure?.reason ?? stream.unusable,
    probes: packets.probes,
    windows: packets.windows.map((window) => windowTrace(window, stream.delays)),
    ...(opened.class === 'packets' ? countsOf(packets) : {}),
    sessions: sessions.map((session, index) => ({
      session: session.session,
      openedMs: session.openedMs,
      closedMs: session.closedMs,
      closeCause: session.closeCause,
      ...(session.corruptMs === null ? {} : { corruptMs: session.corruptMs }),
      stalls: session.stalls,
      verdicts: stepVerdicts[index] ?? {},
    })),
  }
}

function countsOf({ counts, traffic, latenessMs, moreWindows }: PacketHistory) {
  return {
    moreWindows,
    counts,
    steps: traffic.map(stepCounts),
    ...(latenessMs === null ? {} : { latenessMs }),
  }
}

function stepCounts(traffic: StepTraffic): StepCounts {
  const { step, counts, buffered, afterStart, stream } = traffic
  const silence = buffered === null ? null : crossCheck(buffered, outageOf(traffic, buffered), stream).silentMs
  return { step: step.name, ...counts, isFlapping: afterStart.windows > 1, bufferedMs: silence }
}
