import type { Event } from '../model/event.ts'
import type { HaState } from '../model/ha-state.ts'
import type { Lab } from '../model/lab.ts'

/** What keeps a pair from being settled, one line each; empty when it is. Reference: firewalls page, "settled". */
export function unsettledReasons(lab: Lab, states: ReadonlyMap<string, HaState | null>): string[] {
  const { primary, secondary, vips } = lab.pair
  const nodes = [primary, secondary]
  const masters = vips.map(({ vhid }) => ({ vhid, nodes: nodes.filter((node) => isMaster(states.get(node), vhid)) }))
  return [
    ...nodes.flatMap((node) => nodeReasons(node, states.get(node) ?? null)),
    ...masters.flatMap(({ vhid, nodes: held }) => (held.length === 1 ? [] : [masterReason(vhid, held)])),
    ...(new Set(masters.flatMap(({ nodes: held }) => held)).size > 1
      ? ['different nodes are master for different VHIDs']
      : []),
    ...(lab.pair.preempt && masters.some(({ nodes: held }) => held.length === 1 && held[0] !== primary)
      ? [`${primary} is not master although it preempts`]
      : []),
  ]
}

/** The latest state of each node that was asked for at `sinceMs` or later: null where it did not answer, no entry where it was not asked since. */
export function latestStates(
  events: readonly Event[],
  nodes: readonly string[],
  sinceMs: number,
): Map<string, HaState | null> {
  return new Map(
    nodes.flatMap((node) => {
      const sample = events.findLast((event) => event.type === 'ha-sample' && event.node === node)
      return sample?.type === 'ha-sample' && sample.sentMs >= sinceMs ? [[node, sample.state] as const] : []
    }),
  )
}

/** The nodes that hold every VHID of the lab as master, in the given states. */
export function mastersOf(lab: Lab, states: ReadonlyMap<string, HaState | null>): string[] {
  return [...states]
    .filter(([, state]) => lab.pair.vips.every(({ vhid }) => isMaster(state, vhid)))
    .map(([node]) => node)
}

function nodeReasons(node: string, state: HaState | null): string[] {
  if (state === null) return [`${node} does not answer`]
  return [
    ...(state.demotion === 0 ? [] : [`${node} is demoted by ${state.demotion}`]),
    ...(state.allow ? [] : [`${node} has CARP disabled`]),
    ...(state.syncOk === false ? [`${node} waits for its state sync bulk update`] : []),
  ]
}

function masterReason(vhid: number, held: string[]): string {
  return held.length === 0
    ? `nobody is master for VHID ${vhid}`
    : `${held.join(' and ')} are both master for VHID ${vhid}`
}

function isMaster(state: HaState | null | undefined, vhid: number): boolean {
  return state?.vhids.some((own) => own.vhid === vhid && own.state === 'MASTER') ?? false
}
