import { listSubnets, listVnets, listZones } from '../../endpoints/sdn.ts'
import type { SdnVnet, SdnZone } from '../../../../../ports/provisioning.ts'
import type { Api } from '../../transport/api.ts'
import { failure } from '../../transport/error.ts'

/** `isPending`: edited, and not applied yet. `isDeleted`: gone with the next apply. */
interface Edit {
  isPending: boolean
  isDeleted: boolean
}

/** The SDN configuration with everybody's pending edits in it. */
export interface SdnState {
  zones: (SdnZone & Edit)[]
  vnets: (SdnVnet & Edit)[]
}

export async function readState(api: Api, signal: AbortSignal): Promise<SdnState> {
  const [zones, vnets] = await Promise.all([
    api.call(listZones, { pending: true }, signal),
    api.call(listVnets, { pending: true }, signal),
  ])
  return {
    zones: zones.data.map(({ zone, state, pending, bridge, nodes, peers }) => ({
      zone,
      ...carrierOf(newest(state, pending?.bridge, bridge), newest(state, pending?.peers, peers)),
      ...nodesOf(newest(state, pending?.nodes, nodes)),
      ...editOf(state),
    })),
    vnets: vnets.data.map(({ vnet, state, pending, zone, tag, alias }) => ({
      vnet,
      zone: newest(state, pending?.zone, zone) ?? '',
      tag: newest(state, pending?.tag, tag) ?? 0,
      alias: newest(state, pending?.alias, alias) ?? '',
      ...editOf(state),
    })),
  }
}

type State = 'new' | 'changed' | 'deleted' | null | undefined

const editOf = (state: State): Edit => ({ isPending: (state ?? null) !== null, isDeleted: state === 'deleted' })

/** A pending value wins, except that of a deleted object, which is empty. */
const newest = <T>(state: State, pending: T | undefined, running: T | undefined): T | undefined =>
  state === 'deleted' ? running : (pending ?? running)

const nodesOf = (nodes: string | undefined) =>
  nodes === undefined || nodes === '' ? {} : { nodes: nodes.split(/[,; ]+/) }

/** Zones of all other kinds have neither, and are somebody else's. */
const carrierOf = (bridge: string | undefined, peers: string | undefined) =>
  peers === undefined || peers === '' ? { bridge: bridge ?? '' } : { peers: peers.split(/[,; ]+/) }

/** Refuses when somebody else's edits wait: applying would apply theirs too. `isOurs` tells by the id. */
export function refuseForeignEdits(state: SdnState, isOurs: (id: string) => boolean): void {
  const edits = foreignEdits(state, isOurs)
  if (edits.length > 0) throw foreign(edits)
}

/** Whether somebody else's edits wait. */
export const hasForeignEdits = (state: SdnState, isOurs: (id: string) => boolean): boolean =>
  foreignEdits(state, isOurs).length > 0

const foreignEdits = ({ zones, vnets }: SdnState, isOurs: (id: string) => boolean): string[] =>
  [
    ...zones.filter(({ isPending }) => isPending).map(({ zone }) => ({ id: zone, what: `zone ${zone}` })),
    ...vnets.filter(({ isPending }) => isPending).map(({ vnet }) => ({ id: vnet, what: `vnet ${vnet}` })),
  ].flatMap(({ id, what }) => (isOurs(id) ? [] : [what]))

/** On 9.x the lock looks at all kinds of objects; before, subnets have to be looked at too. */
export async function refuseForeignSubnets(api: Api, { vnets }: SdnState, signal: AbortSignal): Promise<void> {
  for (const { vnet, isPending } of vnets) {
    if (isPending) continue
    const { data } = await api.call(listSubnets, { vnet, pending: true }, signal)
    const edits = data.filter(({ state }) => (state ?? null) !== null)
    if (edits.length > 0) throw foreign(edits.map(({ subnet }) => `subnet ${subnet ?? '?'} of ${vnet}`))
  }
}

const foreign = (what: readonly string[]) =>
  failure(`somebody else's SDN changes are pending (${what.join(', ')}); nothing was applied`, {
    kind: 'sdn-pending',
    hint: 'apply or revert them first (Datacenter > SDN)',
  })
