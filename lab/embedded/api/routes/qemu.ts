import { assertQuorum, findVm, nodeOf } from '../../cluster.ts'
import { configParameters } from '../../vm/config-keys.ts'
import {
  assertDestroyable,
  assertFreeId,
  beginClone,
  beginCreation,
  destroy,
  finishClone,
  finishCreation,
} from '../../vm/lifecycle.ts'
import { start } from '../../vm/power.ts'
import { findSnapshot } from '../../vm/snapshot.ts'
import type { Caller } from '../../access/access.ts'
import type { Cluster } from '../../cluster.ts'
import type { Job } from '../../tasks.ts'
import { assertNotLocked, hasFlag, type Vm } from '../../vm/vm.ts'
import { nicsOf } from '../../vm/nic-string.ts'
import { choice, flag, integer, named, nodeName, text, vmid } from '../parameter.ts'
import { assertPrivilege, hasPrivilege, refuseRootOnly } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'
import { assertConfigPrivileges, bridgePath, configChange } from './config-change.ts'
import { beginVmTask, onVm, vmPath } from './vm-task.ts'
import { qmpStatus, vmSummary } from './vm-summary.ts'

const dnsName = () => named(/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/, 'DNS name')
/** The parameter that names a pool. */
export const poolId = () => named(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,2}$/, 'pool name')

/** Endpoints about VMs as such: which there are, how they come and go. */
export const qemuRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu',
    parameters: { node: nodeName(), full: flag().optional() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      nodeOf(cluster, parameters.node)
      const vms = [...cluster.vms.values()].filter(
        ({ node, vmid: id }) => node === parameters.node && hasPrivilege(cluster, caller, `/vms/${id}`, 'VM.Audit'),
      )
      return vms.map((vm) => ({ ...vmSummary(vm), ...(parameters.full && { qmpstatus: qmpStatus(vm) }) }))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu',
    parameters: {
      ...vmPath,
      ...configParameters(),
      archive: text().optional(),
      bwlimit: integer(0).optional(),
      force: flag().optional(),
      'ha-managed': flag().optional(),
      'import-working-storage': text().optional(),
      'live-restore': flag().optional(),
      pool: poolId().optional(),
      start: flag().optional(),
      storage: text().optional(),
      unique: flag().optional(),
    },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const { node, vmid: id, pool } = parameters
      nodeOf(cluster, node)
      const anchor =
        pool === undefined || hasPrivilege(cluster, caller, `/vms/${id}`, 'VM.Allocate')
          ? `/vms/${id}`
          : `/pool/${pool}`
      assertPrivilege(cluster, caller, anchor, ['VM.Allocate'])
      if (parameters.archive !== undefined)
        throw new Error('restoring from an archive is not supported by the embedded lab')
      if (pool !== undefined && !cluster.pools.has(pool)) throw new Error(`no such pool '${pool}'`)
      assertFreeId(cluster, id)
      assertQuorum(cluster)
      const { values } = configChange(caller, parameters)
      assertConfigPrivileges(cluster, caller, { config: {}, vmid: id }, [...values], pool)
      const vm = beginCreation(cluster, { vmid: id, node })
      return beginMaking(cluster, caller, { vm, type: 'qmcreate', task: vm }, async () => {
        await finishCreation(cluster, vm, values)
        join(vm, pool)
        if (parameters['ha-managed']) cluster.ha.set(`vm:${id}`, { sid: `vm:${id}`, state: 'started' })
        if (parameters.start) await start(cluster, findVm(cluster, parameters))
      })
    },
  }),
  route({
    method: 'DELETE',
    path: '/nodes/{node}/qemu/{vmid}',
    parameters: {
      ...vmPath,
      'destroy-unreferenced-disks': flag().optional(),
      purge: flag().optional(),
      skiplock: flag().optional(),
    },
    isProtected: true,
    check: onVm('VM.Allocate'),
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock'])
      const vm = findVm(cluster, parameters)
      const isPurge = parameters.purge === true
      assertDestroyable(cluster, vm, isPurge)
      return beginVmTask(cluster, caller, vm, 'qmdestroy', () => vm.lock.hold(() => destroy(cluster, vm, isPurge)))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/clone',
    parameters: {
      ...vmPath,
      bwlimit: integer(0).optional(),
      description: text().optional(),
      format: choice('raw', 'qcow2', 'vmdk').optional(),
      full: flag().optional(),
      name: dnsName().optional(),
      newid: vmid(),
      pool: poolId().optional(),
      snapname: named(/^[a-zA-Z][\w-]+$/, 'configuration ID', 40).optional(),
      storage: text().optional(),
      target: nodeName().optional(),
    },
    isProtected: true,
    check: onVm('VM.Clone'),
    answer: ({ cluster, caller, parameters }) => {
      const { newid, name, pool, description, storage, snapname } = parameters
      const source = findVm(cluster, parameters)
      const isAnchored = pool !== undefined && hasPrivilege(cluster, caller, `/pool/${pool}`, 'VM.Allocate')
      if (!isAnchored) assertPrivilege(cluster, caller, `/vms/${newid}`, ['VM.Allocate'])
      if (pool !== undefined && !cluster.pools.has(pool)) throw new Error(`no such pool '${pool}'`)
      if (storage !== undefined && storage !== 'local') throw new Error(`storage '${storage}' does not exist`)
      for (const [, nic] of nicsOf(source.config))
        assertPrivilege(cluster, caller, bridgePath(cluster, nic.bridge ?? ''), ['SDN.Use'])
      if (isAnchored || parameters.full) assertPrivilege(cluster, caller, '/storage/local', ['Datastore.AllocateSpace'])
      const isFull = parameters.full ?? !hasFlag(source, 'template')
      if (storage !== undefined && !isFull)
        throw parameterRefusal({ storage: `parameter 'storage' not allowed for linked clones` })
      assertQuorum(cluster)
      assertNotLocked(source)
      if (source.running && hasFlag(source, 'template')) throw new Error(`can't clone a running template`)
      assertFreeId(cluster, newid)
      const node = parameters.target ?? parameters.node
      nodeOf(cluster, node)
      const from = snapname === undefined ? source.config : findSnapshot(source, snapname).config
      const order = { newid, node, full: isFull, ...definedOnly({ name, description }) }
      const vm = beginClone(cluster, source, order, from)
      return beginMaking(cluster, caller, { vm, type: 'qmclone', task: source }, (job) => {
        job.log(`create ${isFull ? 'full' : 'linked'} clone of drives of VM ${source.vmid}`)
        return vm.lock.hold(async () => {
          await finishClone(cluster, source, vm)
          join(vm, pool)
        })
      })
    },
  }),
]

// A VM that is there from the call on, and not any more if its worker fails; one whose worker vanishes stays, locked.
function beginMaking(
  cluster: Cluster,
  { id: user }: Caller,
  { vm, type, task }: { vm: Vm; type: string; task: Pick<Vm, 'vmid' | 'node'> },
  work: (job: Job) => Promise<void>,
): string {
  const takeBack = () => void cluster.vms.delete(vm.vmid)
  return cluster.tasks.begin({ node: task.node, type, id: String(task.vmid), user, takeBack }, 100, work).upid
}

// The last thing that its worker does.
function join(vm: Vm, pool: string | undefined): void {
  if (pool !== undefined) vm.pool = pool
}

function definedOnly({ name, description }: { name: string | undefined; description: string | undefined }) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  }
}
