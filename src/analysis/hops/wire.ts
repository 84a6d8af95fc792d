import type { Event } from '../../model/event.ts'
import type { Lab } from '../../model/lab.ts'
import type { Measurement } from '../../model/result.ts'
import type { CaptureFile, PathLoss, WireAccount } from '../../model/wire-account.ts'
import type { Facts } from '../facts.ts'
import { sayMs } from '../quantity.ts'
import type { PacketHistory } from '../packet-history.ts'
import type { ObservedStep } from '../steps.ts'
import type { Stream } from '../streams.ts'
import { locateLosses } from './locate.ts'

/** A packet stream as its fold leaves it. */
type FoldedStream = Pick<Stream, 'opened'> & { packets: Pick<PacketHistory, 'impaired' | 'counts' | 'traffic'> }

/** All captures of a run, and where on the way they saw probes for the last time; null where nothing was captured. Reads the recording once more where probes were. */
export function describeWire(
  run: { facts: Facts; lab: Lab; steps: readonly ObservedStep[] },
  events: Iterable<Event>,
  streams: readonly FoldedStream[],
): WireAccount | null {
  const captures = filesOf(run.facts)
  if (captures.length === 0) return null
  const traced = streams
    .filter(({ opened }) => opened.class === 'packets')
    .map(({ opened, packets: { impaired, counts, traffic } }) => ({
      opened,
      impaired,
      answered: counts.probes - counts.lost - counts.late,
      lostIn: (name: string) => traffic.find(({ step }) => step.name === name)?.counts.lost ?? 0,
    }))
  const hasProbes = captures.some(({ catches }) => catches.includes('probes'))
  return { captures, paths: hasProbes ? locateLosses(run, events, traced) : [] }
}

/** Puts where packets were lost behind the evidence of how many were. */
export function sayPaths(measurements: readonly Measurement[], wire: WireAccount | null): Measurement[] {
  return measurements.map((measurement) => {
    const path = wire?.paths.find(({ step, stream }) => step === measurement.step && stream === measurement.stream)
    const isCount = measurement.metric === 'lost' || measurement.metric === 'impaired'
    if (path === undefined || !isCount) return measurement
    return { ...measurement, evidence: `${measurement.evidence}; on the wire: ${sayPath(path)}` }
  })
}

function sayPath({ hops, unplaced }: PathLoss): string {
  const places = hops.map(({ lost, late, words, longestMs }) => {
    const wait = longestMs === null ? '' : `, up to ${sayMs(longestMs.high)}`
    return lost > 0 ? `${lost} ${words}` : `${late} late, longest ${words}${wait}`
  })
  return [...places, ...(unplaced > 0 ? [`${unplaced} that no capture can place`] : [])].join('; ')
}

function filesOf(facts: Facts): CaptureFile[] {
  const closed = facts.of('capture-closed')
  const files = facts
    .of('capture-opened')
    .map(({ point, machine, device, file, atMs, catches = ['carp'] }, index, all) => {
      const untilMs = all.find((other, later) => later > index && other.point === point)?.atMs ?? Infinity
      const end = closed.find((one) => one.point === point && one.atMs >= atMs && one.atMs <= untilMs)
      const { packets = null, dropped = null, sha256 = null } = end ?? {}
      return { point, machine, device, file, catches, packets, dropped, sha256 }
    })
  return files.toSorted((one, other) => (one.file < other.file ? -1 : 1))
}
