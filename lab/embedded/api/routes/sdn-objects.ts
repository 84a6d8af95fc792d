import { createHash } from 'node:crypto'
import type { Caller } from '../../access/access.ts'
import { assertWritable, type Cluster } from '../../cluster.ts'
import { assertLockToken, shownObjects, type SdnKind, type SdnObject } from '../../sdn/sdn.ts'
import { splitList } from '../../vm/config-keys.ts'
import { flag, named, text } from '../parameter.ts'
import { hasPrivilege } from '../permission.ts'

const id = /^[a-zA-Z][a-zA-Z0-9]{0,6}[a-zA-Z0-9]$/

/** The parameter that names a zone. */
export const zoneId = () => named(id, 'SDN zone ID')
/** The parameter that names a vnet. */
export const vnetId = () => named(id, 'SDN vnet ID')

/** Which side of the edits a list shows. */
export const views = { pending: flag().optional(), running: flag().optional() }
/** The token of the configuration's lock. */
export const lockToken = { 'lock-token': text().optional() }

/** What a list of objects answers; `see` tells whether the caller may see one. */
export function listObjects(
  cluster: Cluster,
  kind: SdnKind,
  view: { pending?: boolean | undefined; running?: boolean | undefined },
  see: (object: Record<string, unknown>) => boolean = () => true,
): Record<string, unknown>[] {
  const mode = view.pending ? 'pending' : view.running ? 'running' : 'plain'
  const found = [...shownObjects(cluster.sdn, kind, mode).values()].filter(see)
  return found.map((object) => ({ ...object, digest: createHash('sha1').update(JSON.stringify(object)).digest('hex') }))
}

/** Whether a caller may see the objects of a zone. */
export function seesZone(cluster: Cluster, caller: Caller): (object: Record<string, unknown>) => boolean {
  return ({ zone }) =>
    ['SDN.Audit', 'SDN.Allocate', 'SDN.Use'].some((each) =>
      hasPrivilege(cluster, caller, `/sdn/zones/${String(zone)}`, each),
    )
}

const files = { zones: 'sdn/zones.cfg', vnets: 'sdn/vnets.cfg', subnets: 'sdn/subnets.cfg' }

/** Refuses an edit without the lock's token, and one without quorum. */
export function beginEdit(cluster: Cluster, kind: SdnKind, token: string | undefined): void {
  assertLockToken(cluster.sdn, token)
  assertWritable(cluster, files[kind])
}

/** The settings among the parameters, flags as 1 and 0. */
export function objectOf(parameters: Readonly<Record<string, unknown>>): SdnObject {
  const other = new Set(['lock-token', 'delete', 'digest', 'node'])
  const entries = Object.entries(parameters).flatMap(([key, value]): [string, string | number][] => {
    if (other.has(key)) return []
    if (Array.isArray(value)) return [[key, value.filter((each) => typeof each === 'string').join(',')]]
    return [
      [key, typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : [value].flat().join(',')],
    ]
  })
  return Object.fromEntries(entries)
}

/** One object of a list, in the same views. */
export function findObject(
  cluster: Cluster,
  kind: SdnKind,
  name: string,
  view: { pending?: boolean | undefined; running?: boolean | undefined },
): Record<string, unknown> {
  const key = kind === 'zones' ? 'zone' : kind === 'vnets' ? 'vnet' : 'subnet'
  const found = listObjects(cluster, kind, view).find((object) => object[key] === name)
  if (!found) throw new Error(`sdn '${name}' does not exist`)
  return found
}

/** Changes settings of an object's draft, `delete` removes some. */
export function changeObject(
  { sdn }: Cluster,
  kind: SdnKind,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): void {
  const found = sdn.draft[kind].get(name)
  if (!found) throw new Error(`sdn '${name}' does not exist`)
  const removed = splitList(typeof parameters['delete'] === 'string' ? parameters['delete'] : '')
  const kept = Object.entries(found).filter(([key]) => !removed.includes(key))
  sdn.draft[kind].set(name, { ...Object.fromEntries(kept), ...objectOf(parameters) })
}
