import { assertWritable, nodeOf } from '../../cluster.ts'
import { applySdn, missingBridge } from '../../sdn/apply.ts'
import { isOnNode } from '../../sdn/segment.ts'
import { assertLockToken, copyConfig, hasPending, takeLock } from '../../sdn/sdn.ts'
import { flag, nodeName, text } from '../parameter.ts'
import { hasPrivilege } from '../permission.ts'
import { route } from '../route.ts'
import { zoneId } from './sdn-objects.ts'

const allocate = { path: '/sdn', privileges: ['SDN.Allocate'] }

/** Endpoints about software-defined networks as a whole: lock, apply, rollback, and what each node made of it. */
export const sdnRoutes = [
  route({
    method: 'GET',
    path: '/cluster/sdn',
    parameters: {},
    check: { path: '/sdn', privileges: ['SDN.Audit'] },
    answer: () => ['zones', 'vnets', 'controllers', 'ipams', 'dns', 'fabrics'].map((id) => ({ id })),
  }),
  route({
    method: 'PUT',
    path: '/cluster/sdn',
    parameters: { 'lock-token': text().optional(), 'release-lock': flag().optional() },
    isProtected: true,
    check: allocate,
    answer: ({ cluster, caller, user, parameters }) => {
      const { sdn } = cluster
      assertLockToken(sdn, parameters['lock-token'])
      assertWritable(cluster, 'sdn/.running-config')
      void caller
      const start = { node: cluster.localNode, type: 'reloadnetworkall', id: '', user }
      const { upid } = cluster.tasks.begin(start, 100, async (job) => {
        await Promise.all(applySdn(cluster, user, job.log))
      })
      if (parameters['release-lock']) delete sdn.lock
      return upid
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/sdn/dry-run',
    parameters: { node: nodeName() },
    isProtected: true,
    check: { path: '/nodes/{node}', privileges: ['Sys.Audit'] },
    answer: ({ cluster, parameters }) => {
      nodeOf(cluster, parameters.node)
      if (!hasPending(cluster.sdn)) return {}
      const { draft, applied } = cluster.sdn
      const lines = [...draft.vnets.keys()]
        .filter((id) => !applied.vnets.has(id))
        .map((id) => `+auto ${id}\n+iface ${id}`)
      const gone = [...applied.vnets.keys()]
        .filter((id) => !draft.vnets.has(id))
        .map((id) => `-auto ${id}\n-iface ${id}`)
      return { 'interfaces-diff': `--- a\n+++ b\n${[...lines, ...gone].join('\n')}\n` }
    },
  }),
  route({
    method: 'POST',
    path: '/cluster/sdn/lock',
    parameters: { 'allow-pending': flag().optional() },
    isProtected: true,
    check: allocate,
    answer: ({ cluster, parameters }) => {
      assertWritable(cluster, 'sdn/.lock')
      return takeLock(cluster.sdn, parameters['allow-pending'] === true)
    },
  }),
  route({
    method: 'DELETE',
    path: '/cluster/sdn/lock',
    parameters: { force: flag().optional(), 'lock-token': text().optional() },
    isProtected: true,
    check: allocate,
    answer: ({ cluster, parameters }) => {
      assertWritable(cluster, 'sdn/.lock')
      if (!parameters.force) assertLockToken(cluster.sdn, parameters['lock-token'])
      delete cluster.sdn.lock
      return null
    },
  }),
  route({
    method: 'POST',
    path: '/cluster/sdn/rollback',
    parameters: { 'lock-token': text().optional(), 'release-lock': flag().optional() },
    isProtected: true,
    check: allocate,
    answer: ({ cluster, parameters }) => {
      const { sdn } = cluster
      assertLockToken(sdn, parameters['lock-token'])
      assertWritable(cluster, 'sdn/zones.cfg')
      sdn.draft = copyConfig(sdn.applied)
      if (parameters['release-lock']) delete sdn.lock
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/sdn/zones',
    parameters: { node: nodeName() },
    isProtected: true,
    answer: async ({ cluster, caller, parameters }) => {
      const node = nodeOf(cluster, parameters.node)
      const zones = [...cluster.sdn.applied.zones].filter(
        ([id, zone]) => isOnNode(zone, node.name) && hasPrivilege(cluster, caller, `/sdn/zones/${id}`, 'SDN.Audit'),
      )
      return Promise.all(
        zones.map(async ([zone, settings]) => {
          const isBroken = cluster.sdn.failures.has(node.name) || (await missingBridge(node, settings)) !== undefined
          return { zone, status: isBroken ? 'error' : 'available' }
        }),
      )
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/sdn/zones/{zone}/content',
    parameters: { node: nodeName(), zone: zoneId() },
    isProtected: true,
    check: { path: '/sdn/zones/{zone}', privileges: ['SDN.Audit'] },
    answer: async ({ cluster, parameters }) => {
      const node = nodeOf(cluster, parameters.node)
      const settings = cluster.sdn.applied.zones.get(parameters.zone)
      const failure = cluster.sdn.failures.get(node.name)
      const bridge = settings && (await missingBridge(node, settings))
      const statusmsg = failure ?? (bridge === undefined ? undefined : `missing ${bridge}`)
      const isHere = settings !== undefined && isOnNode(settings, node.name)
      const own = [...cluster.sdn.applied.vnets].filter(([, vnet]) => isHere && vnet['zone'] === parameters.zone)
      return own.map(([vnet]) => ({
        vnet,
        status: statusmsg === undefined ? 'available' : 'error',
        ...(statusmsg !== undefined && { statusmsg }),
      }))
    },
  }),
]
