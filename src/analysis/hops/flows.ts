import type { EventOf } from '../../model/event.ts'
import type { ClassifiedProbe } from '../../model/packet-trace.ts'
import type { ClockRelation } from '../clock-relation.ts'
import { middleOf } from '../clock-relation.ts'

type Passed = EventOf<'probes-passed'>

/** What tells a stream's probes on the wire: its key, or the address that it pings and the grid that it pings on. */
export interface KnownStream {
  name: string
  kind: 'icmp' | 'udp'
  everyMs: number
  timeoutMs: number
  address: string | null
  key: string | null
  /** When number 0 was sent, on the run's clock, ms. */
  zeroMs: number
}

/** The number of a probe that passed, as the stream counts, and when, on the capturing wall clock, ms. */
export interface Row {
  seq: number
  wallMs: number
}

/** Numbers of ICMP that fping uses before it begins anew. */
const icmpNumbers = 65_535

/** A stream as it may be known on the wire; null for other kinds than ping and UDP, and where no probe is known. */
export function knownStream(
  opened: Pick<EventOf<'stream-opened'>, 'stream' | 'kind' | 'everyMs' | 'timeoutMs' | 'settings'>,
  probes: readonly ClassifiedProbe[],
): KnownStream | null {
  const [first] = probes
  const { stream: name, everyMs, timeoutMs, settings } = opened
  if (first === undefined || (opened.kind !== 'ping' && opened.kind !== 'udp')) return null
  const { address = null, key = null } = settings
  const kind = opened.kind === 'ping' ? 'icmp' : 'udp'
  return { name, kind, everyMs, timeoutMs, address, key, zeroMs: first.atMs - first.seq * everyMs }
}

/** The stream whose probes a fact tells of; null where it is none of these. */
export function streamPassed(
  streams: readonly KnownStream[],
  passed: Passed,
  clock: ClockRelation,
): KnownStream | null {
  const own = streams.filter((stream) => isOf(stream, passed))
  if (own.length < 2) return own[0] ?? null
  const [row] = rowsOf(passed)
  if (row === undefined) return null
  const atMs = middleOf(clock.toRun(row.wallMs))
  const distance = (stream: KnownStream) => Math.abs(atMs - slotMs(stream, numberOf(stream, row.seq, atMs)))
  return own.reduce((best, stream) => (distance(stream) < distance(best) ? stream : best))
}

function isOf({ kind, key, address }: KnownStream, passed: Passed): boolean {
  if (kind !== passed.kind) return false
  if (kind === 'udp' && key !== null) return key === passed.id
  return address === passed.src || address === passed.dst
}

/** The number that a stream gave the probe which has this one on the wire: those of ICMP begin anew. */
export function numberOf(stream: KnownStream, wireSeq: number, atMs: number): number {
  if (stream.kind === 'udp') return wireSeq
  const expected = (atMs - stream.zeroMs) / stream.everyMs
  return wireSeq + icmpNumbers * Math.max(0, Math.round((expected - wireSeq) / icmpNumbers))
}

const slotMs = ({ zeroMs, everyMs }: KnownStream, seq: number): number => zeroMs + seq * everyMs

/** The columns of a fact as rows; those that are not of one length end with the shorter. */
export function rowsOf({ seq, wallMs, seqSteps, ticks }: Passed): Row[] {
  let [number, tick] = [seq, 0]
  return ticks.slice(0, seqSteps.length).map((step, index) => {
    number += seqSteps[index] ?? 0
    tick += step
    return { seq: number, wallMs: wallMs + tick / 100 }
  })
}
