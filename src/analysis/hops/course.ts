import type { EventOf } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import { distancesFrom } from '../../model/network-path.ts'
import type { ClockRelation } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import { wallClocks } from '../roles/advertisements.ts'

type Opened = EventOf<'capture-opened'>

/** A place on the way of a stream where its probes were captured, perhaps in several pieces: a tap comes and goes with its machine. */
export interface Point {
  point: string
  /** Whose NIC it is, and on which network. */
  machine: string
  network: string
  clock: ClockRelation
  /** On which machine's or node's clock. */
  clockOf: string
  /** What that clock showed when the run's was 0, about. */
  zeroMs: number
  pieces: { fromMs: number; toMs: number; isGone: boolean }[]
}

/** Places at the same distance on a stream's way: one of them is passed. */
export interface Station {
  points: Point[]
}

/** The stations that a stream passes on its way out, in order; none where nothing of it was captured. */
export function stationsOf(facts: Facts, lab: Lab, from: string, to: string): Station[] {
  const [there, back] = [distancesFrom(lab, from), distancesFrom(lab, to)]
  const length = there.machines.get(to)
  const ends = [from, lab.pair.primary, lab.pair.secondary]
  const isPassed = (machine: string) =>
    length === undefined
      ? ends.includes(machine)
      : (there.machines.get(machine) ?? 0) + (back.machines.get(machine) ?? 0) === length
  const placed = pointsOf(facts).flatMap((point) => {
    const [machine, network] = [there.machines.get(point.machine), there.networks.get(point.network)]
    const isOn = machine !== undefined && network !== undefined && isPassed(point.machine)
    return isOn ? [{ point, distance: machine + network }] : []
  })
  return [...Map.groupBy(placed, ({ distance }) => distance)]
    .toSorted(([one], [other]) => one - other)
    .map(([, same]) => ({
      points: same.map(({ point }) => point).toSorted((one, other) => (one.machine < other.machine ? -1 : 1)),
    }))
}

/** Whether a point would have shown a probe at an instant: it was listened to, or there was no device to pass. */
export function isWatched({ pieces }: Point, atMs: number): boolean {
  const last = pieces.findLast(({ fromMs }) => fromMs <= atMs)
  if (last === undefined) return false
  const next = pieces[pieces.indexOf(last) + 1]
  return atMs < last.toMs || (last.isGone && atMs < (next?.fromMs ?? Infinity) - reopenedWithinMs)
}

/** Whether its device was there and listened to. */
export const isThere = ({ pieces }: Point, atMs: number): boolean =>
  pieces.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)

/** A device is listened to at most so long after it came, ms. */
const reopenedWithinMs = 1000
/** What tcpdump says where its device goes. */
const gone = /disappeared|went down|is not up|No such device/i

/** Every place where probes were captured. */
export function pointsOf(facts: Facts): Point[] {
  const clocks = wallClocks(facts)
  const zeros = new Map(facts.of('wall-sync').map(({ machine, sentMs, wallMs }) => [machine, wallMs - sentMs]))
  const closed = Map.groupBy(facts.of('capture-closed'), ({ point }) => point)
  const opened = facts.of('capture-opened').filter(({ catches }) => catches?.includes('probes'))
  return [...Map.groupBy(opened, ({ point }) => point)].flatMap(([point, all]) => {
    const [first] = all
    const clock = first === undefined ? undefined : clocks.get(first.machine)
    if (first === undefined || clock === undefined) return []
    const pieces = all.map((piece, index) => pieceOf(piece, all[index + 1], closed.get(point) ?? []))
    const { machine, network, of } = first
    const zeroMs = zeros.get(machine) ?? 0
    return [{ point, machine: of ?? machine, network, clock, clockOf: machine, zeroMs, pieces }]
  })
}

function pieceOf({ atMs: fromMs }: Opened, next: Opened | undefined, closed: readonly EventOf<'capture-closed'>[]) {
  const end = closed.find(({ atMs }) => atMs >= fromMs && atMs <= (next?.atMs ?? Infinity))
  return { fromMs, toMs: end?.atMs ?? next?.atMs ?? Infinity, isGone: end !== undefined && gone.test(end.reason) }
}
