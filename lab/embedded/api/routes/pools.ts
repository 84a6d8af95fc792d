import { assertWritable, type Cluster } from '../../cluster.ts'
import { storageId } from '../../storage/volumes.ts'
import { splitList } from '../../vm/config-keys.ts'
import { choice, flag, text } from '../parameter.ts'
import { assertPrivilege, hasPrivilege } from '../permission.ts'
import { route } from '../route.ts'
import { poolId } from './qemu.ts'
import { vmSummary } from './vm-summary.ts'

const kind = choice('qemu', 'lxc', 'storage')
const allocate = { path: '/pool/{poolid}', privileges: ['Pool.Allocate'] }
const change = {
  'allow-move': flag().optional(),
  comment: text().optional(),
  delete: flag().optional(),
  poolid: poolId(),
  storage: text().optional(),
  vms: text().optional(),
}

/** Endpoints about pools, under both of their forms: the id in the query or in the path. */
export const poolRoutes = [
  route({
    method: 'GET',
    path: '/pools',
    parameters: { poolid: poolId().optional(), type: kind.optional() },
    answer: ({ cluster, caller, parameters }) => {
      const { poolid, type } = parameters
      if (poolid !== undefined) {
        assertPrivilege(cluster, caller, `/pool/${poolid}`, ['Pool.Audit'])
        return [{ poolid, ...describePool(cluster, poolid, type) }]
      }
      const visible = [...cluster.pools].filter(([id]) => hasPrivilege(cluster, caller, `/pool/${id}`, 'Pool.Audit'))
      return visible.map(([id, pool]) => ({ poolid: id, ...pool }))
    },
  }),
  route({
    method: 'POST',
    path: '/pools',
    parameters: { comment: text().optional(), poolid: poolId() },
    isProtected: true,
    check: allocate,
    answer: ({ cluster, parameters }) => {
      const { poolid, comment } = parameters
      assertWritable(cluster, 'user.cfg')
      if (cluster.pools.has(poolid)) throw new Error(`create pool failed: pool '${poolid}' already exists`)
      cluster.pools.set(poolid, comment === undefined ? {} : { comment })
      return null
    },
  }),
  ...['/pools', '/pools/{poolid}'].flatMap((path) => [
    route({
      method: 'PUT',
      path,
      parameters: change,
      isProtected: true,
      check: allocate,
      answer: ({ cluster, caller, parameters }) => {
        for (const vmid of splitList(parameters.vms ?? ''))
          assertPrivilege(cluster, caller, `/vms/${vmid}`, ['VM.Allocate'])
        assertWritable(cluster, 'user.cfg')
        changePool(cluster, parameters)
        return null
      },
    }),
    route({
      method: 'DELETE',
      path,
      parameters: { poolid: poolId() },
      isProtected: true,
      check: allocate,
      answer: ({ cluster, parameters }) => {
        const { poolid } = parameters
        assertWritable(cluster, 'user.cfg')
        assertPool(cluster, poolid, 'delete pool failed: ')
        const members = [...cluster.vms.values()].filter(({ pool }) => pool === poolid)
        if (members.length > 0) throw new Error(`delete pool failed: pool '${poolid}' is not empty`)
        cluster.pools.delete(poolid)
        return null
      },
    }),
  ]),
  route({
    method: 'GET',
    path: '/pools/{poolid}',
    parameters: { poolid: poolId(), type: kind.optional() },
    check: { path: '/pool/{poolid}', privileges: ['Pool.Audit'] },
    answer: ({ cluster, parameters }) => describePool(cluster, parameters.poolid, parameters.type),
  }),
]

function assertPool({ pools }: Cluster, id: string, prefix = ''): void {
  if (!pools.has(id)) throw new Error(`${prefix}pool '${id}' does not exist`)
}

function describePool(cluster: Cluster, poolid: string, type: string | undefined): Record<string, unknown> {
  assertPool(cluster, poolid)
  const members = [...cluster.vms.values()].filter(({ pool }) => pool === poolid)
  const shown = members.map((vm) => ({ ...vmSummary(vm), id: `qemu/${vm.vmid}`, type: 'qemu', node: vm.node }))
  return { ...cluster.pools.get(poolid), members: type === undefined || type === 'qemu' ? shown : [] }
}

type PoolChange = { poolid: string; comment?: string | undefined; vms?: string | undefined } & Record<string, unknown>

function changePool(cluster: Cluster, { poolid, comment, vms = '', ...more }: PoolChange): void {
  assertPool(cluster, poolid, 'update pools failed: ')
  if (comment !== undefined) cluster.pools.set(poolid, { comment })
  for (const id of splitList(vms)) {
    const vm = cluster.vms.get(Number(id))
    if (!vm) throw new Error(`update pools failed: VM ${id} does not exist`)
    if (more['delete'] === true) {
      if (vm.pool !== poolid) throw new Error(`update pools failed: VM ${id} is not a pool member`)
      delete vm.pool
    } else {
      const isElsewhere = vm.pool !== undefined && vm.pool !== poolid && more['allow-move'] !== true
      if (isElsewhere) throw new Error(`update pools failed: VM ${id} belongs already to pool '${vm.pool}'`)
      vm.pool = poolid
    }
  }
  if (more['storage'] !== undefined && more['storage'] !== storageId)
    throw new Error(`update pools failed: storage does not exist`)
}
