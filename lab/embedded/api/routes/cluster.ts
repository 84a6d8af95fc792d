import { cpus, freemem, totalmem } from 'node:os'
import type { Cluster } from '../../cluster.ts'
import { choice } from '../parameter.ts'
import { route } from '../route.ts'
import { vmSummary } from './qemu.ts'
import { taskSummary } from './tasks.ts'

/** Endpoints about the installation as a whole. */
export const clusterRoutes = [
  route({
    method: 'GET',
    path: '/version',
    parameters: {},
    answer: () => ({ version: '9.1.9', release: '9.1', repoid: '0123456789abcdef' }),
  }),
  route({
    method: 'GET',
    path: '/cluster/status',
    parameters: {},
    isProtected: true,
    answer: ({ cluster }) => [
      {
        type: 'node',
        id: `node/${cluster.node}`,
        name: cluster.node,
        ip: '127.0.0.1',
        nodeid: 0,
        level: '',
        local: 1,
        online: 1,
      },
    ],
  }),
  route({
    method: 'GET',
    path: '/cluster/tasks',
    parameters: {},
    answer: ({ cluster }) => cluster.tasks.list().slice(0, 25).map(taskSummary),
  }),
  route({
    method: 'GET',
    path: '/cluster/resources',
    parameters: { type: choice('vm', 'storage', 'node', 'sdn').optional() },
    answer: ({ cluster, parameters }) =>
      resources(cluster).filter(({ type }) => !parameters.type || kinds[parameters.type] === type),
  }),
  route({
    method: 'GET',
    path: '/nodes',
    parameters: {},
    answer: ({ cluster }) => [
      { ...nodeStatus(cluster), id: `node/${cluster.node}`, type: 'node', ssl_fingerprint: cluster.fingerprint },
    ],
  }),
]

const kinds: Readonly<Record<string, string>> = { vm: 'qemu', storage: 'storage', node: 'node', sdn: 'sdn' }

// As in Proxmox VE this list is not for timing; there it is refreshed about every 10 s, here it is always fresh.
function resources(cluster: Cluster): ({ type: string } & Record<string, unknown>)[] {
  const { node, vnets, zone } = cluster
  const vms = [...cluster.vms.values()].map((vm) => ({
    ...vmSummary(vm),
    type: 'qemu',
    id: `qemu/${vm.vmid}`,
    node,
    template: 0,
  }))
  const networks =
    vnets.length > 0 ? [{ type: 'sdn', id: `sdn/${node}/${zone.zone}`, sdn: zone.zone, node, status: 'ok' }] : []
  return [...vms, { ...nodeStatus(cluster), type: 'node', id: `node/${node}` }, ...networks]
}

function nodeStatus({ node, startedAtMs }: Cluster): Record<string, unknown> {
  const mem = totalmem() - freemem()
  const uptime = Math.floor((Date.now() - startedAtMs) / 1000)
  return { node, status: 'online', level: '', cpu: 0, maxcpu: cpus().length, mem, maxmem: totalmem(), uptime }
}
