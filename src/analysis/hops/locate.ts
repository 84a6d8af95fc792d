import type { Event, EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { PathHop, PathLoss } from '../../model/wire-account.ts'
import type { ClassifiedProbe } from '../../model/packet-trace.ts'
import type { StepTrace } from '../../model/result.ts'
import type { Facts } from '../facts.ts'
import type { Station } from './course.ts'
import { stationsOf } from './course.ts'
import { knownStream } from './flows.ts'
import type { Hop, Reliable } from './place.ts'
import { delayOf, lossOf } from './place.ts'
import type { SoughtStream, Trail, Trails, Way } from './trails.ts'
import { trailsOf } from './trails.ts'
import { sayDelay, sayLoss } from './words.ts'

/** A packet stream as far as its losses are looked for. `impaired` may be the first of many, `answered` is how many had an answer in time. */
export interface TracedStream {
  opened: EventOf<'stream-opened'>
  impaired: readonly ClassifiedProbe[]
  answered: number
  /** How many were lost in a step. */
  lostIn(step: string): number
}

type Step = Pick<StepTrace, 'name' | 'startMs' | 'injectedMs'> & { observedUntilMs: number }

/** A station shows what passes it where it showed this share of the answered probes. */
const reliableShare = 0.9

/**
 * Says for each step and stream where its lost probes were seen last, and where its late ones waited, from captures along the way. Reads the
 * recording once. Nothing for streams of which nothing was captured, and for steps without an impaired probe.
 */
export function locateLosses(
  { facts, lab, steps }: { facts: Facts; lab: Lab; steps: readonly Step[] },
  events: Iterable<Event>,
  streams: readonly TracedStream[],
): PathLoss[] {
  const sought = streams.flatMap((stream) => {
    const { opened, impaired } = stream
    const known = knownStream(opened, impaired)
    const stations = known === null ? [] : stationsOf(facts, lab, opened.from, opened.to)
    return known === null || stations.length === 0 ? [] : [{ ...stream, known, stations }]
  })
  const trails = trailsOf(events, sought)
  return steps.flatMap((step) =>
    sought.flatMap((stream) => {
      const own = trails.get(stream)
      return own === undefined ? [] : pathLoss(step, stream, own)
    }),
  )
}

type Sought = SoughtStream & TracedStream

function pathLoss(step: Step, stream: Sought, trails: Trails): PathLoss[] {
  const { stations, opened } = stream
  const within = [...trails.impaired.values()].filter(
    ({ probe }) => probe.atMs >= step.startMs && probe.atMs < step.observedUntilMs,
  )
  if (within.length === 0) return []
  const reliable = reliableStations(stream, trails)
  const lost = within.filter(({ probe }) => probe.class === 'lost')
  const originMs = step.injectedMs?.sent ?? step.startMs
  const hops = new Hops(originMs)
  for (const trail of lost) {
    const hop = lossOf(trail, stations, reliable)
    if (hop !== null) hops.lose(hop, sayLoss(hop, opened, stations), trail)
  }
  for (const trail of within) {
    const hop = trail.probe.class === 'late' ? delayOf(trail, stations) : null
    if (hop !== null) hops.wait(hop, sayDelay(hop, opened, stations), trail)
  }
  const placed = hops.all.reduce((sum, hop) => sum + hop.lost, 0)
  return [
    {
      step: step.name,
      stream: opened.stream,
      from: opened.from,
      to: opened.to,
      stations: stations.map(({ points }) => ({
        machines: points.map(({ machine }) => machine),
        network: points[0]?.network ?? '',
      })),
      hops: hops.all.toSorted((one, other) => other.lost + other.late - one.lost - one.late),
      lost: stream.lostIn(step.name),
      unplaced: stream.lostIn(step.name) - placed,
      clockBoundMs: clockBoundOf(stations, originMs),
    },
  ]
}

function reliableStations({ stations, answered }: Sought, { others }: Trails): Reliable {
  const of = (way: Way) => {
    const shown = stations.map(({ points }) =>
      points.reduce((sum, { point }) => sum + (others[way].get(point) ?? 0), 0),
    )
    return new Set(shown.flatMap((count, index) => (answered > 0 && count >= reliableShare * answered ? [index] : [])))
  }
  return { request: of('request'), reply: of('reply') }
}

/** Captures on one clock need no comparison with another. */
function clockBoundOf(stations: readonly Station[], atMs: number): number {
  const points = stations.flatMap((station) => station.points)
  if (new Set(points.map(({ clockOf }) => clockOf)).size < 2) return 0
  const widths = points.map(({ clock, zeroMs }) => {
    const { low, high } = clock.toRun(zeroMs + atMs)
    return (high - low) / 2
  })
  return Math.max(0, ...widths)
}

/** Hops with what happened there, each once. */
class Hops {
  readonly all: PathHop[] = []
  readonly #originMs: number

  constructor(originMs: number) {
    this.#originMs = originMs
  }

  lose(hop: Hop, words: string, trail: Trail): void {
    this.#at(hop, words, trail, 'lost').lost += 1
  }

  wait(hop: NonNullable<ReturnType<typeof delayOf>>, words: string, trail: Trail): void {
    const one = this.#at(hop, words, trail, 'late')
    one.late += 1
    if (one.longestMs === null || hop.delayMs.high > one.longestMs.high) one.longestMs = hop.delayMs
  }

  #at({ way, after, before }: Hop, words: string, { probe }: Trail, kind: 'lost' | 'late'): PathHop {
    const atMs = probe.atMs - this.#originMs
    const place = { way, after: after?.station ?? null, before: before?.station ?? null, words }
    const known = this.all.find((hop) => hop.words === words && (kind === 'lost') === hop.lost > 0)
    const hop = known ?? { ...place, lost: 0, late: 0, firstMs: atMs, lastMs: atMs, longestMs: null }
    if (known === undefined) this.all.push(hop)
    hop.firstMs = Math.min(hop.firstMs, atMs)
    hop.lastMs = Math.max(hop.lastMs, atMs)
    return hop
  }
}
