import type { CarpLogEntry } from '../../model/carp-log.ts'
import type { EventOf } from '../../model/event.ts'
import type { ClockRelation } from '../clock-relation.ts'
import { relateClock } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import type { Knowledge } from './knowledge.ts'
import type { Span } from './spans.ts'
import { union } from './spans.ts'

/** A role change as a node's kernel logged it: it happened within the stretch of the run's clock. */
export interface LoggedChange extends Span {
  node: string
  vhid: number
  from: string
  to: string
  reason: string
  uptimeSeconds: number | null
}

/** A line is stamped at most so long after what it tells of, ms: the log daemon reads the kernel's buffer a little later. */
const logLagMs = 100

/** Every role change that the nodes logged during the run, in order. A log whose clock was never compared with the run's, or was stepped, says nothing. */
export function loggedChanges(facts: Facts): LoggedChange[] {
  const clocks = logClocks(facts)
  return [...Map.groupBy(facts.of('carp-log'), ({ node }) => node)].flatMap(([node, readings]) => {
    const clock = clocks.get(node)
    if (clock === undefined) return []
    const changes = allEntries(readings).flatMap((entry) => changeOf(node, entry, clock))
    return [...Map.groupBy(changes, ({ vhid }) => vhid)].flatMap(([, own]) => inOrder(own))
  })
}

/** What a node's log says of a VHID: between two changes that fit together the role was that of the first one's end. */
export function knownFromLog(changes: readonly LoggedChange[], readMs: number): Knowledge {
  const roles = changes.flatMap((change, index): { span: Span; role: string }[] => {
    const [before, next] = [changes[index - 1], changes[index + 1]]
    const bootedMs = change.uptimeSeconds === null ? change.fromMs : change.toMs - 1000 * change.uptimeSeconds
    const earlier = before === undefined ? [{ span: { fromMs: bootedMs, toMs: change.fromMs }, role: change.from }] : []
    const fits = next === undefined || next.from === change.to
    const later = fits ? [{ span: { fromMs: change.toMs, toMs: next?.fromMs ?? readMs }, role: change.to }] : []
    return [...earlier, ...later]
  })
  const of = (isMaster: boolean) =>
    union(roles.filter(({ role }) => (role === 'MASTER') === isMaster).map(({ span }) => span))
  return { master: of(true), other: of(false) }
}

/** When a node's log was read last, on the run's clock; null where it never was. */
export const logReadMs = (facts: Facts, node: string): number | null =>
  isStepped(facts, node)
    ? null
    : (facts.of('carp-log').findLast((event) => event.node === node && event.entries !== null)?.sentMs ?? null)

/** Whether a fault has stepped the clock of a node, whose log then tells no times. An undo names its fault and machines. */
const isStepped = (facts: Facts, node: string): boolean =>
  facts.of('undo').some(({ what }) => what.startsWith('clock-step on ') && what.slice(14).split(', ').includes(node))

/** How far a log's clock is known, at best, as a half-width in ms; null where it is not. */
export const logBoundMs = (facts: Facts, node: string): number | null => {
  const bounds = facts.of('log-clock').flatMap((event) => (event.node === node ? [event.boundMs] : []))
  return bounds.length === 0 ? null : Math.min(...bounds)
}

function logClocks(facts: Facts): Map<string, ClockRelation> {
  return new Map(
    [...Map.groupBy(facts.of('log-clock'), ({ node }) => node)].flatMap(([node, measured]) => {
      const clock = relateClock(measured.map(comparison))
      return clock === null || isStepped(facts, node) ? [] : [[node, clock] as const]
    }),
  )
}

const comparison = ({ atMs, zeroMs, boundMs, node }: EventOf<'log-clock'>): EventOf<'clock-sync'> => ({
  type: 'clock-sync',
  atMs,
  machine: node,
  remoteMs: atMs + zeroMs,
  sentMs: atMs - boundMs,
  receivedMs: atMs + boundMs,
})

/** What all readings of a log say together: each goes back to the start of the run, and a line that came twice in one of them happened twice. */
function allEntries(readings: readonly EventOf<'carp-log'>[]): CarpLogEntry[] {
  const most = new Map<string, CarpLogEntry[]>()
  for (const { entries } of readings) {
    for (const [key, same] of Map.groupBy(entries ?? [], (entry) => JSON.stringify(entry)))
      if (same.length > (most.get(key)?.length ?? 0)) most.set(key, same)
  }
  const order = new Map((readings.findLast(({ entries }) => entries !== null)?.entries ?? []).map(keyed))
  const rankOf = (entry: CarpLogEntry) => order.get(JSON.stringify(entry)) ?? 0
  return [...most.values()].flat().toSorted((one, other) => one.atMs - other.atMs || rankOf(one) - rankOf(other))
}

const keyed = (entry: CarpLogEntry, index: number): [string, number] => [JSON.stringify(entry), index]

function changeOf(node: string, entry: CarpLogEntry, clock: ClockRelation): LoggedChange[] {
  const { event, atMs, resolutionMs, uptimeSeconds } = entry
  if (event.kind !== 'transition') return []
  const { vhid, from, to, reason } = event
  const fromMs = clock.toRun(atMs).low - logLagMs
  const toMs = clock.toRun(atMs + resolutionMs).high
  return [{ node, vhid, from, to, reason, uptimeSeconds, fromMs, toMs }]
}

/** A line that stands later in a log did not happen earlier. */
function inOrder(changes: readonly LoggedChange[]): LoggedChange[] {
  const ordered: LoggedChange[] = []
  for (const change of changes) {
    const fromMs = Math.max(change.fromMs, ordered.at(-1)?.fromMs ?? -Infinity)
    ordered.push({ ...change, fromMs, toMs: Math.max(change.toMs, fromMs) })
  }
  for (let index = ordered.length - 2; index >= 0; index -= 1) {
    const [change, next] = [ordered[index], ordered[index + 1]]
    if (change !== undefined && next !== undefined) change.toMs = Math.min(change.toMs, next.toMs)
  }
  return ordered
}
