import type { Event } from '../model/event.ts'
import type { Measurement, Result, StepTrace } from '../model/result.ts'
import type { WireAccount } from '../model/wire-account.ts'
import { measureArrivals } from './config-arrival.ts'
import type { Facts } from './facts.ts'
import { factsOf } from './facts.ts'
import { withSessions } from './held-sessions.ts'
import { measurePackets } from './packet-measures.ts'
import { measureLeaks } from './hops/leaks.ts'
import { describeWire, sayPaths } from './hops/wire.ts'
import { measurePair } from './pair-measures.ts'
import { toMicroseconds } from './quantity.ts'
import { rolesOf } from './roles.ts'
import { observeRoles } from './roles/observe.ts'
import { measureRoundTrips } from './round-trips.ts'
import { subjectOf } from './run-identity.ts'
import type { JudgedSessions } from './session-measures.ts'
import { measureSessions } from './session-measures.ts'
import { socketsAt } from './socket-state.ts'
import type { ObservedStep } from './steps.ts'
import { stepsOf } from './steps.ts'
import type { Stream } from './streams.ts'
import { streamTrace, streamsOf, trafficIn } from './streams.ts'
import { explainTakeovers, takeoverWindowsOf } from './takeover-limit.ts'
import { unmeasuredOf } from './unmeasured.ts'

/** Everything that a recording says, before anybody judges it. */
export interface Analysis extends Pick<Result, 'run' | 'scenario' | 'lab' | 'measurements' | 'problems' | 'timeline'> {
  facts: Facts
  steps: ObservedStep[]
  streams: Stream[]
  /** Lines of the recording that could not be read. */
  unreadableLines: number
  /** What the recording does not tell about what was run; null where it tells all. */
  unreadable: string | null
}

/** What is known of a recording's file once it has been read to its end. */
export interface RecordedFile {
  readonly sha256: string
  readonly unreadableLines: number
}

/**
 * Folds the events of a recording (oldest first) into what they say, reading them up to four times. Its space does not grow with the number of
 * probes and messages.
 * Pure, and never throws, whatever the events are.
 */
export function analyse(events: Iterable<Event>, file: RecordedFile | string): Analysis {
  const facts = factsOf(events)
  const { sha256, unreadableLines } = typeof file === 'string' ? { sha256: file, unreadableLines: 0 } : file
  const { unreadable, ...subject } = subjectOf(facts, sha256)
  const steps = stepsOf(facts)
  const { endMs } = facts
  const streams = withSessions(streamsOf(facts, events, steps), events, steps, subject.scenario)
  const sessions = sessionsOf(facts, streams, steps)
  const carp = observeRoles(facts, subject.lab, steps, endMs)
  const wire = describeWire({ facts, lab: subject.lab, steps }, events, streams)
  const traffic = explainTakeovers(sayPaths(measurementsOf(streams, steps, sessions), wire), {
    ...subject,
    steps,
    takeovers: carp.takeovers,
    ends: streams.map(({ opened }) => opened),
  })
  const leaks = measureLeaks({ facts, lab: subject.lab, steps }, events)
  const asked = [...measureArrivals(facts, steps), ...measureRoundTrips(facts, steps)]
  const measured = [...withPair(traffic, steps), ...asked, ...carp.measurements, ...leaks]
  return {
    ...subject,
    measurements: [...measured.map(rounded), ...unmeasuredOf(facts, subject.scenario, steps)],
    problems: facts.of('problem').map(({ atMs, where, message }) => ({ atMs, where, message })),
    timeline: {
      endMs,
      streams: streams.map((stream) => streamTrace(stream, verdictsOf(stream, steps, sessions))),
      roles: rolesOf(facts, subject.lab, endMs).map(carp.traced),
      takeovers: carp.takeovers,
      limits: takeoverWindowsOf(traffic, steps),
      roleSources: carp.sources,
      ...whereThere(facts, wire),
      steps: steps.map(toTrace),
    },
    facts,
    steps,
    streams,
    unreadableLines,
    unreadable,
  }
}

const toTrace = ({ observedUntilMs: _observedUntilMs, effectMs: _effectMs, ...step }: ObservedStep): StepTrace => step

/** What only some recordings have: captures, pictures. */
function whereThere(facts: Facts, wire: WireAccount | null): Pick<Result['timeline'], 'pictures' | 'wire'> {
  const pictures = facts.of('picture').map(({ type: _type, ...picture }) => picture)
  return { ...(wire === null ? {} : { wire }), ...(pictures.length === 0 ? {} : { pictures }) }
}

type SessionsByStep = Map<ObservedStep, Map<Stream, JudgedSessions>>

function sessionsOf(facts: Facts, streams: readonly Stream[], steps: readonly ObservedStep[]): SessionsByStep {
  const held = streams.filter(({ opened }) => opened.class === 'sessions')
  return new Map(
    steps.map((step) => [
      step,
      new Map(
        held.map((stream) => [stream, measureSessions(stream, step, socketsAt(facts, stream.opened.stream, step))]),
      ),
    ]),
  )
}

function measurementsOf(
  streams: readonly Stream[],
  steps: readonly ObservedStep[],
  sessions: SessionsByStep,
): Measurement[] {
  return steps.flatMap((step) =>
    streams.flatMap((stream) =>
      stream.opened.class === 'packets'
        ? measurePackets(trafficIn(stream, step))
        : (sessions.get(step)?.get(stream)?.measurements ?? []),
    ),
  )
}

/** Each step's streams, and after them the pair as the worst of them saw it. */
const withPair = (measurements: readonly Measurement[], steps: readonly ObservedStep[]): Measurement[] =>
  steps.flatMap(({ name }) => [...measurements.filter(({ step }) => step === name), ...measurePair(name, measurements)])

const rounded = (measurement: Measurement): Measurement => ({
  ...measurement,
  interval: measurement.interval === null ? null : toMicroseconds(measurement.interval),
})

function verdictsOf(stream: Stream, steps: readonly ObservedStep[], sessions: SessionsByStep) {
  return stream.sessions.map((_, index) =>
    Object.fromEntries(
      steps.flatMap((step) => {
        const verdict = sessions.get(step)?.get(stream)?.judgements[index]?.verdict ?? null
        return verdict === null ? [] : [[step.name, verdict]]
      }),
    ),
  )
}
