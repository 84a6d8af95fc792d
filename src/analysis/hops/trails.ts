import type { Event } from '../../model/event.ts'
import type { ClassifiedProbe } from '../../model/packet-trace.ts'
import { middleOf } from '../clock-relation.ts'
import type { Point, Station } from './course.ts'
import type { KnownStream } from './flows.ts'
import { numberOf, rowsOf, streamPassed } from './flows.ts'

export type Way = 'request' | 'reply'

/** Where one impaired probe and its answer were seen: by point, when on the capturing wall clock, ms. */
export interface Trail {
  probe: ClassifiedProbe
  request: Map<string, number>
  reply: Map<string, number>
}

/** What was seen of one stream: the trails of its impaired probes, and how many others passed each point. */
export interface Trails {
  impaired: Map<number, Trail>
  others: Record<Way, Map<string, number>>
}

/** A stream whose impaired probes are looked for at its stations. */
export interface SoughtStream {
  known: KnownStream
  stations: Station[]
  impaired: readonly ClassifiedProbe[]
}

/** Reads once what passed every point, and keeps what it says of impaired probes. */
export function trailsOf(events: Iterable<Event>, streams: readonly SoughtStream[]): Map<SoughtStream, Trails> {
  const trails = new Map(streams.map((stream) => [stream, emptyTrails(stream)]))
  const points = new Map(
    streams.flatMap(({ stations }) => stations.flatMap((one) => one.points)).map((point) => [point.point, point]),
  )
  const known = streams.map((stream) => stream.known)
  for (const event of events) {
    const point = event.type === 'probes-passed' ? points.get(event.point) : undefined
    if (event.type !== 'probes-passed' || point === undefined) continue
    const name = streamPassed(known, event, point.clock)
    const stream = streams.find((one) => one.known === name)
    const own = stream === undefined ? undefined : trails.get(stream)
    if (stream === undefined || own === undefined) continue
    for (const row of rowsOf(event)) note(own, stream.known, point, event.way, row)
  }
  return trails
}

function emptyTrails({ impaired }: SoughtStream): Trails {
  const trail = (probe: ClassifiedProbe): Trail => ({ probe, request: new Map(), reply: new Map() })
  return {
    impaired: new Map(impaired.map((probe) => [probe.seq, trail(probe)])),
    others: { request: new Map(), reply: new Map() },
  }
}

function note(trails: Trails, known: KnownStream, point: Point, way: Way, row: { seq: number; wallMs: number }): void {
  const seq = known.kind === 'udp' ? row.seq : numberOf(known, row.seq, middleOf(point.clock.toRun(row.wallMs)))
  const trail = trails.impaired.get(seq)
  if (trail === undefined) {
    const passed = trails.others[way]
    passed.set(point.point, (passed.get(point.point) ?? 0) + 1)
  } else if (!trail[way].has(point.point)) trail[way].set(point.point, row.wallMs)
}
