import { z } from 'zod'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../cluster.ts'
import { faultSchema, type Fault } from '../../faults/fault.ts'
import { stop } from '../../vm/power.ts'
import { integer } from '../parameter.ts'
import { Refusal } from '../reply.ts'
import { route } from '../route.ts'

/** The fault board: not part of Proxmox VE, for tests; root's own and root's token without privilege separation. */
export const faultRoutes = [
  route({
    method: 'GET',
    path: '/firedrill/faults',
    parameters: {},
    check: { path: '/', privileges: ['Permissions.Modify'] },
    answer: ({ cluster }) => cluster.faults.list(),
  }),
  route({
    method: 'POST',
    path: '/firedrill/faults',
    parameters: { fault: z.unknown() },
    check: { path: '/', privileges: ['Permissions.Modify'] },
    answer: async ({ cluster, parameters }) => {
      const parsed = faultSchema.safeParse(parameters.fault)
      if (!parsed.success) throw new Refusal(400, z.prettifyError(parsed.error))
      const id = cluster.faults.add(parsed.data)
      await take(cluster, parsed.data)
      return id
    },
  }),
  route({
    method: 'DELETE',
    path: '/firedrill/faults',
    parameters: { id: integer(1).optional() },
    check: { path: '/', privileges: ['Permissions.Modify'] },
    answer: ({ cluster, parameters }) => {
      const { id } = parameters
      for (const fault of cluster.faults.list()) if (id === undefined || fault.id === id) giveBack(cluster, fault)
      cluster.faults.clear(id)
      return null
    },
  }),
  route({
    method: 'POST',
    path: '/firedrill/roles',
    parameters: { roleid: z.string(), privs: z.string() },
    check: { path: '/', privileges: ['Permissions.Modify'] },
    answer: ({ cluster, parameters }) => {
      cluster.access.roles.set(parameters.roleid, parameters.privs.split(/[, ]+/))
      return null
    },
  }),
]

// What happens at the moment that a switch is turned on; the rest is looked up when it matters.
async function take(cluster: Cluster, fault: Fault): Promise<void> {
  if (fault.kind === 'lock-held') {
    const vm = cluster.vms.get(fault.vmid)
    void vm?.lock.hold(() => sleep(fault.forMs, undefined, { ref: false }))
  }
  if (fault.kind === 'config-locked') {
    const vm = cluster.vms.get(fault.vmid)
    if (vm) vm.config['lock'] = fault.lock
  }
  if (fault.kind === 'node-down') {
    await Promise.all([...cluster.vms.values()].filter(({ node }) => node === fault.node).map(stop))
  }
}

// What a switch wrote goes when it is turned off, unless somebody else has written over it.
function giveBack(cluster: Cluster, fault: Fault): void {
  if (fault.kind !== 'config-locked') return
  const vm = cluster.vms.get(fault.vmid)
  if (vm?.config['lock'] === fault.lock) delete vm.config['lock']
}
