import { createHash } from 'node:crypto'
import { vmConfig, type Cluster } from '../../cluster.ts'
import type { Vm } from '../../vm.ts'
import { choice, flag, integer, nodeName, text, vmid } from '../parameter.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'
import { assertNode } from './node.ts'

/** Endpoints about VMs. */
export const qemuRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu',
    parameters: { node: nodeName(), full: flag().optional() },
    isProtected: true,
    answer: ({ cluster, parameters }) => {
      assertNode(cluster, parameters.node)
      const vms = [...cluster.vms.values()]
      return vms.map((vm) => ({ ...vmSummary(vm), ...(parameters.full && { qmpstatus: vmSummary(vm).status }) }))
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/status/current',
    parameters: { node: nodeName(), vmid: vmid() },
    isProtected: true,
    answer: ({ cluster, parameters }) => {
      const summary = vmSummary(findVm(cluster, parameters))
      return { ...summary, qmpstatus: summary.status, ha: { managed: 0 } }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/config',
    parameters: { node: nodeName(), vmid: vmid(), current: flag().optional(), snapshot: text(40).optional() },
    answer: ({ cluster, parameters }) => {
      const config = vmConfig(findVm(cluster, parameters))
      if (parameters.snapshot) throw new Error(`snapshot '${parameters.snapshot}' does not exist`)
      return { ...config, digest: createHash('sha1').update(JSON.stringify(config)).digest('hex') }
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/start',
    parameters: {
      node: nodeName(),
      vmid: vmid(),
      'force-cpu': text().optional(),
      machine: text().optional(),
      migratedfrom: text().optional(),
      migration_network: text().optional(),
      migration_type: choice('secure', 'insecure').optional(),
      'nets-host-mtu': text().optional(),
      skiplock: flag().optional(),
      stateuri: text(128).optional(),
      targetstorage: text().optional(),
      timeout: integer(0).optional(),
      'with-conntrack-state': flag().optional(),
    },
    isProtected: true,
    answer: ({ cluster, user, parameters }) => {
      refuseRootOnly(parameters, ['stateuri', 'skiplock', 'migratedfrom', 'migration_type', 'migration_network'])
      const vm = findVm(cluster, parameters)
      return beginVmTask(cluster, user, 'qmstart', vm, vm.start)
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/stop',
    parameters: {
      node: nodeName(),
      vmid: vmid(),
      keepActive: flag().optional(),
      migratedfrom: text().optional(),
      'overrule-shutdown': flag().optional(),
      skiplock: flag().optional(),
      timeout: integer(0).optional(),
    },
    isProtected: true,
    answer: ({ cluster, user, parameters }) => {
      refuseRootOnly(parameters, ['skiplock', 'keepActive', 'migratedfrom'])
      const vm = findVm(cluster, parameters)
      return beginVmTask(cluster, user, 'qmstop', vm, vm.stop)
    },
  }),
]

/** A VM as the lists show it; `uptime` in seconds, `pid` only while it runs. */
export type VmSummary = { vmid: number; name: string; status: 'running' | 'stopped'; uptime: number; pid?: number }

/** What the lists show of a VM. */
export function vmSummary(vm: Vm): VmSummary {
  const machine = vm.running()
  const size = { cpus: 1, maxmem: 256 * 2 ** 20, maxdisk: 0, disk: 0 }
  const load = { cpu: 0, mem: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 }
  const identity = { vmid: vm.vmid, name: vm.name, tags: 'firedrill', ...size, ...load }
  if (!machine) return { ...identity, status: 'stopped', uptime: 0 }
  const uptime = Math.floor((Date.now() - machine.startedAtMs) / 1000)
  return { ...identity, status: 'running', uptime, pid: machine.pid }
}

function findVm(cluster: Cluster, wanted: { node: string; vmid: number }): Vm {
  assertNode(cluster, wanted.node)
  const vm = cluster.vms.get(wanted.vmid)
  if (!vm) throw new Error(`Configuration file 'nodes/${wanted.node}/qemu-server/${wanted.vmid}.conf' does not exist`)
  return vm
}

function beginVmTask(cluster: Cluster, user: string, type: string, vm: Vm, work: () => Promise<void>): string {
  const pollMs = type === 'qmstart' ? 100 : 1000
  return cluster.tasks.begin({ node: cluster.node, type, id: String(vm.vmid), user }, pollMs, work).upid
}

// A token is never root@pam, even one that belongs to it.
function refuseRootOnly(parameters: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    const isSet = parameters[name] !== undefined && parameters[name] !== false
    if (isSet) throw parameterRefusal({ [name]: 'Only root may use this option.' })
  }
}
