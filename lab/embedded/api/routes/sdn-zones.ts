import { choice, flag, integer, named, text } from '../parameter.ts'
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
  zoneId,
} from './sdn-objects.ts'

const kinds = ['evpn', 'faucet', 'qinq', 'simple', 'vlan', 'vxlan'] as const

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

/** Endpoints about zones. Of the types only `vlan`, `vxlan` and `simple` make bridges. */
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
      if (parameters.type === 'vxlan' && parameters.peers === undefined && parameters.fabric === undefined) {
        throw new Error(`create sdn zone object failed: missing peers or fabric`)
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
