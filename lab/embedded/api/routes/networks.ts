import { nodeOf, type Cluster, type ClusterNode } from '../../cluster.ts'
import { management } from '../../management.ts'
import type { Caller } from '../../access/access.ts'
import { choice, nodeName } from '../parameter.ts'
import { hasPrivilege } from '../permission.ts'
import { route } from '../route.ts'

const types = [
  'bridge',
  'bond',
  'eth',
  'alias',
  'vlan',
  'fabric',
  'OVSBridge',
  'OVSBond',
  'OVSPort',
  'OVSIntPort',
  'vnet',
  'any_bridge',
  'any_local_bridge',
  'include_sdn',
] as const

/** Endpoints about the network devices that a node is configured with. */
export const networkRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/network',
    parameters: { node: nodeName(), type: choice(...types).optional() },
    answer: async ({ cluster, caller, parameters: { node, type } }) => {
      const own = isBridgeType(type) && mayUse(cluster, caller, type) ? [await bridgeOf(nodeOf(cluster, node))] : []
      return [...own, ...(showsVnets(type) ? vnetsOf(cluster) : [])]
    },
  }),
]

type Type = (typeof types)[number] | undefined

const isBridgeType = (type: Type): boolean =>
  type === undefined || ['bridge', 'any_bridge', 'any_local_bridge', 'include_sdn'].includes(type)

const showsVnets = (type: Type): boolean => type === 'vnet' || type === 'any_bridge' || type === 'include_sdn'

/** Who asks for bridges to use sees those that he may use; who asks for the configuration sees all of it. */
const mayUse = (cluster: Cluster, caller: Caller, type: Type): boolean =>
  (type !== 'any_bridge' && type !== 'any_local_bridge') ||
  ['SDN.Use', 'SDN.Audit'].some((each) => hasPrivilege(cluster, caller, '/sdn/zones/localnetwork/vmbr0', each))

async function bridgeOf({ id, hardware }: ClusterNode): Promise<Record<string, unknown>> {
  const address = management.addressOf(id)
  return {
    iface: management.bridge,
    type: 'bridge',
    method: 'static',
    method6: 'manual',
    families: ['inet'],
    address,
    netmask: String(management.prefix),
    cidr: `${address}/${management.prefix}`,
    autostart: 1,
    priority: 3,
    bridge_ports: '',
    bridge_stp: 'off',
    bridge_fd: '0',
    ...((await hardware.hasBridge(management.bridge)) && { active: 1 }),
  }
}

const vnetsOf = ({ sdn }: Cluster): Record<string, unknown>[] =>
  [...sdn.applied.vnets.keys()].map((iface) => ({ iface, type: 'vnet', active: 1 }))
