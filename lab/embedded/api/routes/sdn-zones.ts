import { assertWritable, type Cluster } from '../../cluster.ts'
import { assertLockToken, type SdnKind, type SdnObject } from '../../sdn/sdn.ts'
import { splitList } from '../../vm/config-keys.ts'
import { choice, flag, integer, named, text } from '../parameter.ts'
import { route } from '../route.ts'
import { listObjects, seesZone } from './sdn.ts'

const id = /^[a-zA-Z][a-zA-Z0-9]{0,6}[a-zA-Z0-9]$/
export const zoneId = () => named(id, 'SDN zone ID')
export const vnetId = () => named(id, 'SDN vnet ID')

const kinds = ['evpn', 'faucet', 'qinq', 'simple', 'vlan', 'vxlan'] as const
export const views = { pending: flag().optional(), running: flag().optional() }
export const lockToken = { 'lock-token': text().optional() }

const settings = {
  'advertise-subnets': flag().optional(),
  bridge: named(/^[-_.\w]+$/, 'bridge name').optional(),
  'bridge-disable-mac-learning': flag().optional(),
  controller: text().optional(),
  dhcp: choice('dnsmasq').optional(),
  'disable-arp-nd-suppression': flag().optional(),
  dns: text().optional(),
  dnszone: text().optional(),
  'dp-id': integer().optional(),
  exitnodes: text().optional(),
  'exitnodes-local-routing': flag().optional(),
  'exitnodes-primary': text().optional(),
  fabric: text().optional(),
  ipam: text().optional(),
  mac: text().optional(),
  mtu: integer().optional(),
  nodes: text().optional(),
  peers: text().optional(),
  reversedns: text().optional(),
  'rt-import': text().optional(),
  tag: integer(0).optional(),
  'vlan-protocol': choice('802.1q', '802.1ad').optional(),
  'vrf-vxlan': integer(1, 16777215).optional(),
  'vxlan-port': integer(1, 65536).optional(),
}

const one = { path: '/sdn/zones/{zone}', privileges: ['SDN.Allocate'] }

/** Endpoints about zones. Of the types only `vlan` and `simple` make bridges. */
export const zoneRoutes = [
  route({
    method: 'GET',
    path: '/cluster/sdn/zones',
    parameters: { ...views, type: choice(...kinds).optional() },
    answer: ({ cluster, caller, parameters }) => {
      const found = listObjects(cluster, 'zones', parameters, seesZone(cluster, caller))
      return found.filter(({ type }) => parameters.type === undefined || parameters.type === type)
    },
  }),
  route({
    method: 'POST',
    path: '/cluster/sdn/zones',
    parameters: { ...settings, ...lockToken, type: choice(...kinds), zone: zoneId() },
    isProtected: true,
    check: { path: '/sdn/zones', privileges: ['SDN.Allocate'] },
    answer: ({ cluster, parameters }) => {
      const { zone } = parameters
      beginEdit(cluster, 'zones', parameters['lock-token'])
      if (cluster.sdn.draft.zones.has(zone))
        throw new Error(`create sdn zone object failed: sdn zone object ID '${zone}' already defined`)
      if (parameters.type === 'vlan' && parameters.bridge === undefined) {
        throw new Error(`create sdn zone object failed: missing value for required option 'bridge'`)
      }
      cluster.sdn.draft.zones.set(zone, { ipam: 'pve', ...objectOf(parameters) })
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/zones/{zone}',
    parameters: { ...views, zone: zoneId() },
    check: one,
    answer: ({ cluster, parameters }) => findObject(cluster, 'zones', parameters.zone, parameters),
  }),
  route({
    method: 'PUT',
    path: '/cluster/sdn/zones/{zone}',
    parameters: { ...settings, ...lockToken, delete: text().optional(), digest: text().optional(), zone: zoneId() },
    isProtected: true,
    check: one,
    answer: ({ cluster, parameters }) => {
      beginEdit(cluster, 'zones', parameters['lock-token'])
      changeObject(cluster, 'zones', parameters.zone, parameters)
      return null
    },
  }),
  route({
    method: 'DELETE',
    path: '/cluster/sdn/zones/{zone}',
    parameters: { ...lockToken, zone: zoneId() },
    isProtected: true,
    check: one,
    answer: ({ cluster, parameters }) => {
      const { zone } = parameters
      const { draft } = cluster.sdn
      beginEdit(cluster, 'zones', parameters['lock-token'])
      if (!draft.zones.has(zone)) throw new Error(`delete sdn zone object failed: sdn '${zone}' does not exist`)
      const user = [...draft.vnets].find(([, vnet]) => vnet['zone'] === zone)
      if (user) throw new Error(`delete sdn zone object failed: zone ${zone} is used by vnet ${user[0]}`)
      draft.zones.delete(zone)
      return null
    },
  }),
]

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
    if (value === undefined || other.has(key)) return []
    return [[key, typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : String(value)]]
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
