import type { Cluster } from '../../cluster.ts'
import { driveVolumes, sizeInBytes } from '../../storage/volumes.ts'
import { hasAgent } from '../../vm/start-media.ts'
import { hasFlag, nameOf, type Vm } from '../../vm/vm.ts'

/** A VM as the lists show it; `uptime` in seconds, `pid` only while it runs. */
export function vmSummary(vm: Vm): { vmid: number; status: 'running' | 'stopped' } & Record<string, unknown> {
  const { vmid, config, running } = vm
  const cpus = Number(config['cores'] ?? 1) * Number(config['sockets'] ?? 1)
  const maxdisk = [...driveVolumes(config).keys()]
    .map((key) => sizeInBytes(/\bsize=([^,]+)/.exec(config[key] ?? '')?.[1] ?? '0'))
    .reduce((sum, size) => Math.max(sum, size), 0)
  const size = { cpus, maxmem: Number(/\d+/.exec(config['memory'] ?? '512')?.[0]) * 2 ** 20, maxdisk, disk: 0 }
  const load = { cpu: 0, mem: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 }
  const marks = {
    ...(config['tags'] !== undefined && { tags: config['tags'] }),
    ...(config['lock'] !== undefined && { lock: config['lock'] }),
    ...(hasFlag(vm, 'template') && { template: 1 }),
  }
  const identity = { vmid, name: nameOf(vm), ...marks, ...size, ...load }
  if (!running) return { ...identity, status: 'stopped', uptime: 0 }
  const uptime = Math.floor((Date.now() - running.startedAtMs) / 1000)
  return { ...identity, status: 'running', uptime, pid: running.pid }
}

/** What `qmpstatus` says of a VM. */
export function qmpStatus({ running }: Vm): 'stopped' | 'paused' | 'running' {
  if (!running) return 'stopped'
  return running.isPaused ? 'paused' : 'running'
}

/** What `status/current` says. */
export function currentStatus(cluster: Cluster, vm: Vm): Record<string, unknown> {
  const managed = cluster.ha.get(`vm:${vm.vmid}`)
  const ha = managed ? { managed: 1, state: managed.state } : { managed: 0 }
  return { ...vmSummary(vm), qmpstatus: qmpStatus(vm), ha, ...(hasAgent(vm) && { agent: 1 }) }
}
