import type { Event } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { Measurement } from '../../model/result.ts'
import { middleOf } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import { plural } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import type { Point } from './course.ts'
import { isWatched, pointsOf } from './course.ts'
import { rowsOf } from './flows.ts'

/** A stream of a machine that may leave through the tunnel only, with its key on the wire and where it would be seen. */
interface Kept {
  stream: string
  key: string | null
  /** Taps of the firewalls where the machine's own network is, and where the others are. */
  inside: Point[]
  outside: Point[]
}

/** One probe as it passed a tap on its way out. */
interface Sighting {
  stream: string
  seq: number
  atMs: number
  point: string
}

/**
 * How many probes of a machine that must use the tunnel left a firewall as they are, not inside of it: seen at a firewall's tap on another network
 * than the machine's own. Only UDP probes bear a key that tells them from everybody else's. Reads the recording once, where the lab has such machines.
 */
export function measureLeaks(
  { facts, lab, steps }: { facts: Facts; lab: Lab; steps: readonly ObservedStep[] },
  events: Iterable<Event>,
): Measurement[] {
  const kept = keptStreams(facts, lab)
  if (kept.length === 0) return []
  const seen = sightingsOf(events, kept)
  return steps.flatMap((step) =>
    kept.map((stream): Measurement => ({
      step: step.name,
      metric: 'leaked',
      stream: stream.stream,
      unit: 'count',
      ...leakOf(stream, seen, step),
    })),
  )
}

function keptStreams(facts: Facts, { pair, machines }: Lab): Kept[] {
  const points = pointsOf(facts).filter(({ machine }) => machine === pair.primary || machine === pair.secondary)
  return facts.of('stream-opened').flatMap(({ stream, from, kind, class: of, settings }) => {
    if (of !== 'packets' || pair.vpn?.for.includes(from) !== true) return []
    const own = Object.keys(machines[from]?.nics ?? {})
    const isInside = ({ network }: Point) => own.includes(network)
    const key = kind === 'udp' ? (settings['key'] ?? null) : null
    return [{ stream, key, inside: points.filter(isInside), outside: points.filter((point) => !isInside(point)) }]
  })
}

function sightingsOf(events: Iterable<Event>, kept: readonly Kept[]): Sighting[] {
  const points = new Map(kept.flatMap(({ inside, outside }) => [...inside, ...outside]).map((one) => [one.point, one]))
  const streams = new Map(kept.map(({ key, stream }) => [key, stream]))
  const seen: Sighting[] = []
  for (const event of events) {
    if (event.type !== 'probes-passed' || event.way !== 'request' || event.kind !== 'udp') continue
    const [point, stream] = [points.get(event.point), streams.get(event.id)]
    if (point === undefined || stream === undefined) continue
    for (const { seq, wallMs } of rowsOf(event))
      seen.push({ stream, seq, atMs: middleOf(point.clock.toRun(wallMs)), point: point.point })
  }
  return seen
}

function leakOf({ stream, key, inside, outside }: Kept, seen: readonly Sighting[], step: ObservedStep) {
  if (key === null) return { interval: null, evidence: 'only UDP probes can be told from others on the wire' }
  const within = seen.filter(
    (one) => one.stream === stream && one.atMs >= step.startMs && one.atMs < step.observedUntilMs,
  )
  const countAt = (points: readonly Point[]) =>
    new Set(within.flatMap(({ seq, point }) => (points.some((one) => one.point === point) ? [seq] : []))).size
  const [came, left] = [countAt(inside), countAt(outside)]
  const blind = outside.filter(
    (point) => !isWatched(point, step.startMs) || !isWatched(point, step.observedUntilMs - 1),
  )
  if (came === 0 || outside.length === 0)
    return {
      interval: null,
      evidence: 'none of its probes was seen to reach a firewall, or nothing was captured outside',
    }
  const where = outside.map(({ point }) => point).join(', ')
  if (blind.length > 0)
    return {
      interval: { low: left, high: Infinity },
      evidence: `${blind.map(({ point }) => point).join(', ')} was not listened to all along`,
    }
  return {
    interval: { low: left, high: left },
    evidence: `${plural(came, 'probe')} reached a firewall, ${left} left it in the clear (${where})`,
  }
}
