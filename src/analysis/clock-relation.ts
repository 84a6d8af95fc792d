import type { EventOf } from '../model/event.ts'
import type { Interval } from '../model/interval.ts'

/** Two clocks are taken to run apart by at most this much between two comparisons (free-running crystals: +-100 ppm each). */
const maxDrift = 200e-6

/** How a machine's monotonic clock relates to the run's. */
export interface ClockRelation {
  /** The interval on the run's clock, ms, that holds an instant of the machine's clock, ms. */
  toRun(machineMs: number): Interval
}

/** The offset (run minus machine) at one instant of the machine's clock. */
interface Offset extends Interval {
  atMs: number
}

/**
 * Relates a machine's clock to the run's from request-reply comparisons: the machine's stamp lies between sending and receiving,
 * so the comparison with the shortest round trip says most, and each says less the longer ago it was. Null where there is none.
 */
export function relateClock(samples: readonly EventOf<'clock-sync'>[]): ClockRelation | null {
  const measured = samples
    .filter(({ sentMs, receivedMs }) => sentMs <= receivedMs)
    .map(({ sentMs, remoteMs, receivedMs }) => ({
      atMs: remoteMs,
      low: sentMs - remoteMs,
      high: receivedMs - remoteMs,
    }))
    .toSorted((one, other) => one.atMs - other.atMs)
  if (measured.length === 0) return null
  const tight = tighten(tighten(measured).toReversed()).toReversed()
  return {
    toRun(machineMs) {
      const { low, high } = offsetAt(tight, measured, machineMs)
      return { low: machineMs + low, high: machineMs + high }
    },
  }
}

/** The middle of where an instant of the machine's clock lies on the run's clock, ms. */
export const middleOf = ({ low, high }: Interval): number => (low + high) / 2

/** Each offset narrowed by what the ones before it allow, given the drift. */
function tighten(offsets: readonly Offset[]): Offset[] {
  const narrowed: Offset[] = []
  for (const offset of offsets) {
    const before = narrowed.at(-1)
    narrowed.push(before === undefined ? offset : { ...offset, ...meet(offset, widened(before, offset.atMs), offset) })
  }
  return narrowed
}

function offsetAt(tight: readonly Offset[], measured: readonly Offset[], atMs: number): Interval {
  const next = indexAfter(tight, atMs)
  const [left, right] = [tight[next - 1] ?? tight[next], tight[next] ?? tight[next - 1]]
  if (left === undefined || right === undefined) return { low: 0, high: 0 }
  const [leftRaw, rightRaw] = [measured[next - 1] ?? left, measured[next] ?? right]
  const hull = { low: Math.min(leftRaw.low, rightRaw.low), high: Math.max(leftRaw.high, rightRaw.high) }
  return meet(widened(left, atMs), widened(right, atMs), hull)
}

const widened = (offset: Offset, atMs: number): Interval => ({
  low: offset.low - maxDrift * Math.abs(atMs - offset.atMs),
  high: offset.high + maxDrift * Math.abs(atMs - offset.atMs),
})

/** What two intervals agree on. Where they contradict each other (a clock that was stepped, say), all that was measured. */
function meet(one: Interval, other: Interval, contradicted: Interval): Interval {
  const [low, high] = [Math.max(one.low, other.low), Math.min(one.high, other.high)]
  return low <= high ? { low, high } : { low: contradicted.low, high: contradicted.high }
}

function indexAfter(offsets: readonly Offset[], atMs: number): number {
  let [from, to] = [0, offsets.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((offsets[middle]?.atMs ?? Infinity) <= atMs) from = middle + 1
    else to = middle
  }
  return from
}
