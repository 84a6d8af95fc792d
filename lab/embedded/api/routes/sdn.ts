import { createHash } from 'node:crypto'
import { choice, flag } from '../parameter.ts'
import { route } from '../route.ts'

const states = { pending: flag().optional(), running: flag().optional() }

/** Endpoints about software-defined networks: what is defined is what runs, nothing is ever pending. */
export const sdnRoutes = [
  route({
    method: 'GET',
    path: '/cluster/sdn/zones',
    parameters: { ...states, type: choice('evpn', 'faucet', 'qinq', 'simple', 'vlan', 'vxlan').optional() },
    answer: ({ cluster, parameters }) => {
      const zones = [withDigest({ ...cluster.zone, type: 'vlan', ipam: 'pve' })]
      return zones.filter(({ type }) => parameters.type === undefined || parameters.type === type)
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/vnets',
    parameters: states,
    answer: ({ cluster }) =>
      cluster.vnets.map((vnet) => withDigest({ ...vnet, type: 'vnet', zone: cluster.zone.zone })),
  }),
]

function withDigest<Entry extends object>(entry: Entry): Entry & { digest: string } {
  return { ...entry, digest: createHash('sha1').update(JSON.stringify(entry)).digest('hex') }
}
