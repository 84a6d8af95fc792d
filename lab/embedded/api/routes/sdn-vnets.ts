import type { Caller } from '../../access/access.ts'
import type { Cluster } from '../../cluster.ts'
import type { SdnObject } from '../../sdn/sdn.ts'
import { choice, flag, integer, named, text, texts } from '../parameter.ts'
import { assertPrivilege } from '../permission.ts'
import { route } from '../route.ts'
import {
  beginEdit,
  changeObject,
  findObject,
  listObjects,
  lockToken,
  objectOf,
  seesZone,
  views,
  vnetId,
  zoneId,
} from './sdn-objects.ts'

const settings = {
  alias: named(/^[()\-_.\w\d\s]{0,256}$/, 'alias').optional(),
  'isolate-ports': flag().optional(),
  tag: integer(1, 16777215).optional(),
  vlanaware: flag().optional(),
}
const subnetSettings = {
  'dhcp-dns-server': text().optional(),
  'dhcp-range': texts().optional(),
  dnszoneprefix: text().optional(),
  gateway: text().optional(),
  snat: flag().optional(),
}
const editing = { ...lockToken, delete: text().optional(), digest: text().optional() }
const one = { ...views, vnet: vnetId() }
const subnet = { vnet: vnetId(), subnet: text() }

/** Endpoints about vnets and their subnets. */
export const vnetRoutes = [
  route({
    method: 'GET',
    path: '/cluster/sdn/vnets',
    parameters: views,
    answer: ({ cluster, caller, parameters }) => listObjects(cluster, 'vnets', parameters, seesZone(cluster, caller)),
  }),
  route({
    method: 'POST',
    path: '/cluster/sdn/vnets',
    parameters: { ...settings, ...lockToken, type: choice('vnet').optional(), vnet: vnetId(), zone: zoneId() },
    isProtected: true,
    check: { path: '/sdn/zones/{zone}', privileges: ['SDN.Allocate'] },
    answer: ({ cluster, parameters }) => {
      const { vnet, zone } = parameters
      beginEdit(cluster, 'vnets', parameters['lock-token'])
      const { draft } = cluster.sdn
      if (draft.vnets.has(vnet))
        throw new Error(`create sdn vnet object failed: sdn vnet object ID '${vnet}' already defined`)
      if (!draft.zones.has(zone)) throw new Error(`create sdn vnet object failed: zone ${zone} does not exist`)
      const object = { type: 'vnet', ...objectOf(parameters) }
      assertTag(cluster, vnet, object, 'create')
      draft.vnets.set(vnet, object)
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/vnets/{vnet}',
    parameters: one,
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Audit', 'SDN.Allocate'])
      return findObject(cluster, 'vnets', parameters.vnet, parameters)
    },
  }),
  route({
    method: 'PUT',
    path: '/cluster/sdn/vnets/{vnet}',
    parameters: { ...settings, ...editing, vnet: vnetId(), zone: zoneId().optional() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const { vnet } = parameters
      assertZone(cluster, caller, vnet, ['SDN.Allocate'])
      beginEdit(cluster, 'vnets', parameters['lock-token'])
      const before = cluster.sdn.draft.vnets.get(vnet)
      if (before) assertTag(cluster, vnet, { ...before, ...objectOf(parameters) }, 'update')
      changeObject(cluster, 'vnets', vnet, parameters)
      return null
    },
  }),
  route({
    method: 'DELETE',
    path: '/cluster/sdn/vnets/{vnet}',
    parameters: { ...lockToken, vnet: vnetId() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const { vnet } = parameters
      const { draft } = cluster.sdn
      assertZone(cluster, caller, vnet, ['SDN.Allocate'])
      beginEdit(cluster, 'vnets', parameters['lock-token'])
      if (!draft.vnets.has(vnet)) throw new Error(`delete sdn vnet object failed: sdn '${vnet}' does not exist`)
      if ([...draft.subnets.values()].some((each) => each['vnet'] === vnet)) {
        throw new Error(`delete sdn vnet object failed: can't delete vnet if subnets exists`)
      }
      draft.vnets.delete(vnet)
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/vnets/{vnet}/subnets',
    parameters: one,
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Audit', 'SDN.Allocate'])
      return listObjects(cluster, 'subnets', parameters, ({ vnet }) => vnet === parameters.vnet)
    },
  }),
  route({
    method: 'POST',
    path: '/cluster/sdn/vnets/{vnet}/subnets',
    parameters: { ...subnetSettings, ...lockToken, ...subnet, type: choice('subnet') },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Allocate'])
      beginEdit(cluster, 'subnets', parameters['lock-token'])
      const zone = cluster.sdn.draft.vnets.get(parameters.vnet)?.['zone']
      const name = `${zone}-${parameters.subnet.replace('/', '-')}`
      if (cluster.sdn.draft.subnets.has(name)) {
        throw new Error(`create sdn subnet object failed: sdn subnet object ID '${name}' already defined`)
      }
      const cidr = parameters.subnet
      cluster.sdn.draft.subnets.set(name, { ...objectOf(parameters), subnet: name, cidr, zone: String(zone) })
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/vnets/{vnet}/subnets/{subnet}',
    parameters: { ...views, ...subnet },
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Audit', 'SDN.Allocate'])
      return findObject(cluster, 'subnets', parameters.subnet, parameters)
    },
  }),
  route({
    method: 'PUT',
    path: '/cluster/sdn/vnets/{vnet}/subnets/{subnet}',
    parameters: { ...subnetSettings, ...editing, ...subnet },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Allocate'])
      beginEdit(cluster, 'subnets', parameters['lock-token'])
      changeObject(cluster, 'subnets', parameters.subnet, parameters)
      return null
    },
  }),
  route({
    method: 'DELETE',
    path: '/cluster/sdn/vnets/{vnet}/subnets/{subnet}',
    parameters: { ...lockToken, ...subnet },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      assertZone(cluster, caller, parameters.vnet, ['SDN.Allocate'])
      beginEdit(cluster, 'subnets', parameters['lock-token'])
      if (!cluster.sdn.draft.subnets.delete(parameters.subnet))
        throw new Error(`sdn '${parameters.subnet}' does not exist`)
      return null
    },
  }),
]

// A refusal of parameters raised while the cluster's lock is held arrives as a 500 with the details in further lines.
function assertTag({ sdn }: Cluster, vnet: string, { tag, zone }: SdnObject, verb: string): void {
  const refuse = (complaint: string): never => {
    throw new Error(`${verb} sdn vnet object failed: 400 Parameter verification failed.\n${complaint}`)
  }
  const typeOf = (id: unknown): unknown => sdn.draft.zones.get(String(id))?.['type']
  const type = typeOf(zone)
  if ((type === 'vlan' || type === 'vxlan') && tag === undefined) refuse(`tag: missing ${type} tag`)
  if (type === 'vlan' && Number(tag) > 4096) refuse('tag: vlan tag max value is 4096')
  const others = [...sdn.draft.vnets].filter(([id, each]) => id !== vnet && each['tag'] === tag)
  // The keys of tunnels are one space for all zones, those of VLANs one for each.
  const other = others.find(([, each]) => (type === 'vxlan' ? typeOf(each['zone']) === 'vxlan' : each['zone'] === zone))
  if (tag === undefined || !other) return
  const [id, { zone: where }] = other
  refuse(
    type === 'vxlan'
      ? `tag: vxlan tag ${tag} already exist in vnet ${id} in zone ${where}`
      : `tag: tag ${tag} already exist in vnet ${id}`,
  )
}

function assertZone(cluster: Cluster, caller: Caller, vnet: string, privileges: string[]): void {
  const zone = (cluster.sdn.draft.vnets.get(vnet) ?? cluster.sdn.applied.vnets.get(vnet))?.['zone']
  if (zone === undefined) throw new Error(`sdn '${vnet}' does not exist`)
  assertPrivilege(cluster, caller, `/sdn/zones/${zone}/${vnet}`, privileges, true)
}
