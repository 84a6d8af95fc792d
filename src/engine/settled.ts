import type { Event, EventOf } from '../model/event.ts'
import type { HaState, VhidRole } from '../model/ha-state.ts'
import type { Lab } from '../model/lab.ts'

/** What is known of a pair at one moment: each node's state (null: it does not answer; absent: not asked lately), by all sources together. */
export interface PairView {
  states: ReadonlyMap<string, HaState | null>
  /** State table and state sync, where they were read. */
  syncs?: ReadonlyMap<string, EventOf<'sync-sample'>> | undefined
  /** Product and release of each node, where they were read. */
  releases?: Readonly<Record<string, string>>
  /** Sources that tell different roles of one node. */
  contradictions?: readonly string[]
}

/**
 * What keeps a pair from being settled, one line each; empty when it is. What nobody can tell is named, and not taken to be well.
 * Reference: firewalls page, "settled".
 */
export function unsettledReasons(lab: Lab, view: PairView): string[] {
  const { primary, secondary, vips } = lab.pair
  const { states } = view
  const nodes = [primary, secondary]
  const masters = vips.map(({ vhid }) => ({ vhid, nodes: nodes.filter((node) => isMaster(states.get(node), vhid)) }))
  const holders = [...new Set(masters.flatMap(({ nodes: held }) => held))]
  return [
    ...nodes.flatMap((node) => nodeReasons(lab, node, states.get(node) ?? null)),
    ...masters.flatMap(({ vhid, nodes: held }) => (held.length === 1 ? [] : [masterReason(vhid, held)])),
    ...(holders.length > 1 && masters.every(({ nodes: held }) => held.length === 1) ? [partedReason(masters)] : []),
    ...(lab.pair.preempt && masters.some(({ nodes: held }) => held.length === 1 && held[0] !== primary)
      ? [`${primary} is not master although it preempts`]
      : []),
    ...(view.contradictions ?? []),
    ...releaseReasons(nodes, view.releases),
    ...(holders.length === 1 ? syncReasons(lab, holders[0] ?? '', view.syncs) : []),
  ]
}

/** The latest roles of each node that was asked for at `sinceMs` or later, from whatever told them last; null where it did not answer. */
export function latestRoles(
  events: readonly Event[],
  nodes: readonly string[],
  sinceMs: number,
): Map<string, Pick<HaState, 'vhids'>['vhids'] | VhidRole[] | null> {
  return new Map(
    nodes.flatMap((node) => {
      const poll = events.findLast(
        (event) => (event.type === 'ha-sample' || event.type === 'role-sample') && event.node === node,
      )
      if (poll?.type === 'role-sample' && poll.sentMs >= sinceMs) return [[node, poll.vhids] as const]
      if (poll?.type === 'ha-sample' && poll.sentMs >= sinceMs) return [[node, poll.state?.vhids ?? null] as const]
      return []
    }),
  )
}

/** The nodes that hold every VHID of the lab as master. */
export function mastersOf(lab: Lab, roles: ReadonlyMap<string, readonly VhidRole[] | null>): string[] {
  return [...roles]
    .filter(([, vhids]) => vhids !== null && lab.pair.vips.every(({ vhid }) => isMaster({ vhids }, vhid)))
    .map(([node]) => node)
}

function isMaster(state: { vhids: readonly VhidRole[] } | null | undefined, vhid: number): boolean {
  return state?.vhids.some((own) => own.vhid === vhid && own.state === 'MASTER') ?? false
}

function nodeReasons(lab: Lab, node: string, state: HaState | null): string[] {
  if (state === null) return [`${node} does not answer`]
  const { demotion, allow, maintenance, syncOk } = state
  const hasSync = lab.pair.stateSync !== undefined
  return [
    ...(demotion === 0 ? [] : [demotion === null ? untold(node, 'its demotion') : `${node} is demoted by ${demotion}`]),
    ...(allow ? [] : [`${node} has CARP disabled`]),
    ...(maintenance === true ? [`${node} is in maintenance mode`] : []),
    ...(maintenance === null ? [untold(node, 'whether it is in maintenance mode')] : []),
    ...(syncOk === false ? [`${node} waits for its state sync bulk update`] : []),
    ...(syncOk === null && hasSync ? [untold(node, 'of any state sync, which the lab asks for')] : []),
  ]
}

const untold = (node: string, what: string) => `${node} does not tell ${what}`

function masterReason(vhid: number, held: string[]): string {
  return held.length === 0
    ? `nobody is master for VHID ${vhid}`
    : `${held.join(' and ')} are both master for VHID ${vhid}`
}

function partedReason(masters: readonly { vhid: number; nodes: string[] }[]): string {
  const told = masters.map(({ vhid, nodes }) => `${nodes.join()} of VHID ${vhid}`)
  return `different nodes are master for different VHIDs: ${told.join(', ')}`
}

function releaseReasons(nodes: readonly string[], releases: PairView['releases']): string[] {
  if (releases === undefined) return []
  const own = nodes.map((node) => releases[node])
  return new Set(own).size === 1
    ? []
    : [`releases differ: ${nodes.map((node) => `${node} runs ${releases[node] ?? 'what nobody knows'}`).join(', ')}`]
}

/** Where the master has made states, the backup must have some of them. */
function syncReasons(lab: Lab, master: string, syncs: PairView['syncs']): string[] {
  const { primary, secondary, stateSync } = lab.pair
  const backup = master === primary ? secondary : primary
  const [own, copy] = [syncs?.get(master), syncs?.get(backup)]
  if (stateSync === undefined || own === undefined || copy === undefined) return []
  const { hostId } = own
  if (hostId === null || !own.creatorIds.includes(hostId) || copy.creatorIds.includes(hostId)) return []
  return [`${backup} has no state that ${master} made (creator ${hostId})`]
}
