import type { Interval } from '../../model/interval.ts'
import type { Point, Station } from './course.ts'
import { isThere, isWatched } from './course.ts'
import type { Trail, Way } from './trails.ts'

/** Between two places on a stream's way: where a probe was seen last, and where it had to be seen next. Null: its sender, its receiver. */
export interface Hop {
  way: Way
  after: Stop | null
  before: Stop | null
}

/** A station as one probe met it: its place on the way, and the points of it that count. */
export interface Stop {
  station: number
  points: Point[]
}

/** Stations that show whatever passes them, by the way: others prove nothing by silence. */
export type Reliable = Record<Way, ReadonlySet<number>>

/**
 * Where a lost probe or its answer was lost: behind where it was seen last, in front of the next station that would have shown it. A request that
 * passed the last such station and was never answered there has none in front. Null where nothing shows it.
 */
export function lossOf({ probe, request, reply }: Trail, stations: readonly Station[], reliable: Reliable): Hop | null {
  const { atMs } = probe
  const shows = (way: Way, index: number) => reliable[way].has(index) && isWhole(stations[index], atMs)
  const answered = stations.findIndex((station) => sees(station, reply))
  if (answered >= 0) {
    const next = stations.findLastIndex((_, index) => index < answered && shows('reply', index))
    const after = seen(answered, stations, reply)
    return { way: 'reply', after, before: present(next, stations, { atMs, after }) }
  }
  const asked = stations.findLastIndex((station) => sees(station, request))
  const next = stations.findIndex((_, index) => index > asked && shows('request', index))
  if (asked < 0 && next < 0) return null
  const after = seen(asked, stations, request)
  return { way: 'request', after, before: present(next, stations, { atMs, after }) }
}

/** The longest of the waits of a late probe between two places where it was seen, ms. Null where it was seen nowhere. */
export function delayOf(trail: Trail, stations: readonly Station[]): (Hop & { delayMs: Interval }) | null {
  const { probe, request, reply } = trail
  const steps = [
    ...stations.flatMap((station, index) => sightingsAt(station, index, 'request', request)),
    ...stations.flatMap((station, index) => sightingsAt(station, index, 'reply', reply)).toReversed(),
  ]
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return null
  const sent = { low: probe.atMs, high: probe.atMs }
  const received = { low: probe.atMs + (probe.rttMs ?? 0), high: probe.atMs + (probe.rttMs ?? 0) }
  const waits = [
    { way: first.way, after: null, before: first.stop, delayMs: between(sent, onRun(first)) },
    ...steps.slice(1).flatMap((step, index) => {
      const before = steps[index]
      return before === undefined ? [] : [waitBetween(before, step)]
    }),
    { way: last.way, after: last.stop, before: null, delayMs: between(onRun(last), received) },
  ]
  return waits.reduce((longest, wait) => (middle(wait.delayMs) > middle(longest.delayMs) ? wait : longest))
}

interface SeenAt {
  way: Way
  stop: Stop
  point: Point
  wallMs: number
}

function sightingsAt(station: Station, index: number, way: Way, seenMs: ReadonlyMap<string, number>): SeenAt[] {
  const passed = station.points.flatMap((point) => {
    const wallMs = seenMs.get(point.point)
    return wallMs === undefined ? [] : [{ way, stop: { station: index, points: [point] }, point, wallMs }]
  })
  return passed.slice(0, 1)
}

/** Two sightings by one clock differ by exactly what that clock says. */
function waitBetween(one: SeenAt, other: SeenAt): Hop & { delayMs: Interval } {
  const exact = Math.max(0, other.wallMs - one.wallMs)
  const isOneClock = one.point.clockOf === other.point.clockOf
  const delayMs = isOneClock ? { low: exact, high: exact } : between(onRun(one), onRun(other))
  return { way: other.way, after: one.stop, before: other.stop, delayMs }
}

const onRun = ({ point, wallMs }: SeenAt): Interval => point.clock.toRun(wallMs)

const between = (one: Interval, other: Interval): Interval => ({
  low: Math.max(0, other.low - one.high),
  high: Math.max(0, other.high - one.low),
})

const middle = ({ low, high }: Interval): number => (low + high) / 2

const sees = ({ points }: Station, seenMs: ReadonlyMap<string, number>): boolean =>
  points.some(({ point }) => seenMs.has(point))

const isWhole = (station: Station | undefined, atMs: number): boolean =>
  station?.points.every((point) => isWatched(point, atMs)) ?? false

function seen(index: number, stations: readonly Station[], seenMs: ReadonlyMap<string, number>): Stop | null {
  const points = (stations[index]?.points ?? []).filter(({ point }) => seenMs.has(point))
  return points.length === 0 ? null : { station: index, points }
}

/** Those points of a station that a probe could have come to: of the machine that it was in, where that has some there. */
function present(
  index: number,
  stations: readonly Station[],
  { atMs, after }: { atMs: number; after: Stop | null },
): Stop | null {
  const points = stations[index]?.points
  if (points === undefined) return null
  const inside = points.filter(({ machine }) => after?.points.some((point) => point.machine === machine))
  const there = (inside.length > 0 ? inside : points).filter((point) => isThere(point, atMs))
  return { station: index, points: there.length > 0 ? there : points }
}
