import { cpus, freemem, totalmem } from 'node:os'
import type { Caller } from '../../access/access.ts'
import { isQuorate, nodeOf, type Cluster, type ClusterNode } from '../../cluster.ts'
import { underlay } from '../../sdn/segment.ts'
import { storageContent, storageId } from '../../storage/volumes.ts'
import { choice, named, nodeName } from '../parameter.ts'
import { hasPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { versions } from '../../release.ts'
import { route } from '../route.ts'
import { vmSummary } from './vm-summary.ts'
import { visibleTasks, taskSummary } from './tasks.ts'

const repoid = '0123456789abcdef'
const versionOf = ({ release }: Cluster) => ({ version: versions[release].version, release, repoid })
const audit = (path: string) => ({ path, privileges: ['Sys.Audit'] })

/** Endpoints about the installation as a whole, and about its nodes. */
export const clusterRoutes = [
  route({ method: 'GET', path: '/version', parameters: {}, answer: ({ cluster }) => versionOf(cluster) }),
  route({
    method: 'GET',
    path: '/cluster/status',
    parameters: {},
    isProtected: true,
    check: audit('/'),
    answer: ({ cluster }) => [
      ...(cluster.nodes.size > 1 ? [clusterStatus(cluster)] : []),
      ...[...cluster.nodes.values()].map((node) => memberStatus(cluster, node)),
    ],
  }),
  route({
    method: 'GET',
    path: '/cluster/nextid',
    parameters: { vmid: named(/^[1-9]\d{2,8}$/, 'VM ID').optional() },
    answer: ({ cluster, parameters }) => {
      const { vmid } = parameters
      if (vmid !== undefined && cluster.vms.has(Number(vmid)))
        throw parameterRefusal({ vmid: `VM ${vmid} already exists` })
      if (vmid !== undefined) return vmid
      let next = 100
      while (cluster.vms.has(next)) next += 1
      return String(next)
    },
  }),
  route({
    method: 'GET',
    path: '/cluster/tasks',
    parameters: {},
    answer: ({ cluster, caller }) => visibleTasks(cluster, caller).slice(0, 25).map(taskSummary),
  }),
  route({
    method: 'GET',
    path: '/cluster/options',
    parameters: {},
    answer: () => ({ keyboard: 'en-us', console: 'html5' }),
  }),
  route({
    method: 'GET',
    path: '/cluster/resources',
    parameters: { type: choice('vm', 'storage', 'node', 'sdn').optional() },
    answer: ({ cluster, caller, parameters }) => {
      const wanted = parameters.type === 'vm' ? 'qemu' : parameters.type
      return resources(cluster, caller).filter(({ type }) => wanted === undefined || type === wanted)
    },
  }),
  route({
    method: 'GET',
    path: '/nodes',
    parameters: {},
    answer: ({ cluster }) =>
      [...cluster.nodes.values()].map((node) => ({
        ...nodeSummary(cluster, node),
        id: `node/${node.name}`,
        type: 'node',
        ssl_fingerprint: node.fingerprint,
      })),
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/version',
    parameters: { node: nodeName() },
    answer: ({ cluster, parameters }) => {
      nodeOf(cluster, parameters.node)
      return versionOf(cluster)
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/status',
    parameters: { node: nodeName() },
    check: audit('/nodes/{node}'),
    answer: ({ cluster, parameters }) => nodeDetails(cluster, nodeOf(cluster, parameters.node)),
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/time',
    parameters: { node: nodeName() },
    check: audit('/nodes/{node}'),
    answer: ({ cluster, parameters }) => {
      nodeOf(cluster, parameters.node)
      const time = Math.floor(Date.now() / 1000)
      return { time, localtime: time, timezone: 'UTC' }
    },
  }),
]

function clusterStatus(cluster: Cluster): Record<string, unknown> {
  return {
    type: 'cluster',
    id: 'cluster',
    name: 'firedrill',
    nodes: cluster.nodes.size,
    quorate: Number(isQuorate(cluster)),
    version: 2,
  }
}

function memberStatus({ nodes, localNode, faults }: Cluster, { name, id }: ClusterNode): Record<string, unknown> {
  return {
    type: 'node',
    id: `node/${name}`,
    name,
    ip: nodes.size > 1 ? underlay.addressOf(id) : '127.0.0.1',
    nodeid: nodes.size > 1 ? id : 0,
    level: '',
    local: Number(name === localNode),
    online: Number(faults.nodeState(name) === 'up'),
  }
}

// As in Proxmox VE this list is not for timing; there it is refreshed about every 10 s, here it is always fresh.
function resources(cluster: Cluster, caller: Caller): ({ type: string } & Record<string, unknown>)[] {
  const vms = [...cluster.vms.values()].filter(({ vmid }) => hasPrivilege(cluster, caller, `/vms/${vmid}`, 'VM.Audit'))
  const nodes = [...cluster.nodes.values()]
  const zones = [...cluster.sdn.applied.zones.keys()]
  return [
    ...vms.map((vm) => ({
      template: 0,
      ...vmSummary(vm),
      type: 'qemu',
      id: `qemu/${vm.vmid}`,
      node: vm.node,
      ...(vm.pool !== undefined && { pool: vm.pool }),
    })),
    ...nodes.map((node) => ({ ...nodeSummary(cluster, node), type: 'node', id: `node/${node.name}` })),
    ...nodes.map(({ name }) => ({
      type: 'storage',
      id: `storage/${name}/${storageId}`,
      storage: storageId,
      node: name,
      status: 'available',
      plugintype: 'dir',
      content: storageContent.join(','),
      shared: 0,
    })),
    ...nodes.flatMap(({ name }) =>
      zones.map((zone) => ({ type: 'sdn', id: `sdn/${name}/${zone}`, sdn: zone, node: name, status: 'ok' })),
    ),
  ]
}

function nodeSummary({ startedAtMs, faults }: Cluster, { name }: ClusterNode): Record<string, unknown> {
  if (faults.nodeState(name) !== 'up') return { node: name, status: 'offline', level: '' }
  const mem = totalmem() - freemem()
  const uptime = Math.floor((Date.now() - startedAtMs) / 1000)
  return { node: name, status: 'online', level: '', cpu: 0, maxcpu: cpus().length, mem, maxmem: totalmem(), uptime }
}

function nodeDetails({ startedAtMs, release }: Cluster, _node: ClusterNode): Record<string, unknown> {
  const { version, kernel } = versions[release]
  const [total, free] = [totalmem(), freemem()]
  const memory = { total, free, used: total - free, available: free }
  return {
    cpu: 0,
    cpuinfo: { cpus: cpus().length, cores: cpus().length, sockets: 1, model: cpus()[0]?.model ?? 'unknown' },
    memory,
    rootfs: { total, free, used: total - free, avail: free },
    loadavg: ['0.00', '0.00', '0.00'],
    pveversion: `pve-manager/${version}/${repoid}`,
    uptime: Math.floor((Date.now() - startedAtMs) / 1000),
    'current-kernel': { sysname: 'Linux', release: `${kernel}-firedrill`, version: '#1 SMP', machine: 'x86_64' },
    'boot-info': { mode: 'legacy-bios' },
  }
}
