import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../../access/access.ts'
import { findVm, type Cluster } from '../../cluster.ts'
import { reset, resume, runningOf, shutdown, start, stop, suspend } from '../../vm/power.ts'
import { assertNotLocked, type Vm } from '../../vm/vm.ts'
import { choice, flag, integer, text } from '../parameter.ts'
import { refuseRootOnly } from '../permission.ts'
import { route } from '../route.ts'
import { beginVmTask, onVm, vmPath } from './vm-task.ts'
import { currentStatus } from './vm-summary.ts'

const shutdownSeconds = 60
const power = { isProtected: true, check: onVm('VM.PowerMgmt') } as const

/** Endpoints about the power of a VM. */
export const statusRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/status/current',
    parameters: vmPath,
    isProtected: true,
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => currentStatus(cluster, findVm(cluster, parameters)),
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/start',
    parameters: {
      ...vmPath,
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
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, [
        'stateuri',
        'skiplock',
        'migratedfrom',
        'migration_type',
        'migration_network',
        'force-cpu',
      ])
      const vm = findVm(cluster, parameters)
      if (isManaged(cluster, vm)) return haTask(cluster, caller, vm, 'hastart', () => startInTurn(cluster, vm))
      return beginVmTask(cluster, caller, vm, 'qmstart', () => startInTurn(cluster, vm))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/stop',
    parameters: {
      ...vmPath,
      keepActive: flag().optional(),
      migratedfrom: text().optional(),
      'overrule-shutdown': flag().optional(),
      skiplock: flag().optional(),
      timeout: integer(0).optional(),
    },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock', 'keepActive', 'migratedfrom'])
      const vm = findVm(cluster, parameters)
      const work = async (): Promise<void> => {
        if (parameters['overrule-shutdown']) for (const waiting of vm.shutdowns) waiting.abort()
        await vm.lock.hold(() => {
          if (vm.running && !parameters.skiplock) assertNotLocked(vm)
          return stop(vm)
        })
      }
      if (isManaged(cluster, vm)) return haTask(cluster, caller, vm, 'hastop', work)
      return beginVmTask(cluster, caller, vm, 'qmstop', work)
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/shutdown',
    parameters: {
      ...vmPath,
      forceStop: flag().optional(),
      keepActive: flag().optional(),
      skiplock: flag().optional(),
      timeout: integer(0).optional(),
    },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock', 'keepActive'])
      const vm = findVm(cluster, parameters)
      if (vm.running?.isPaused && !parameters.forceStop) throw new Error('VM is paused - cannot shutdown')
      const order = { timeoutMs: (parameters.timeout ?? shutdownSeconds) * 1000, force: parameters.forceStop === true }
      const work = (): Promise<void> => vm.lock.hold(() => shutdown(vm, order))
      if (isManaged(cluster, vm)) return haTask(cluster, caller, vm, 'hastop', work)
      return beginVmTask(cluster, caller, vm, 'qmshutdown', work)
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/reboot',
    parameters: { ...vmPath, timeout: integer(0).optional() },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      if (runningOf(vm).isPaused) throw new Error('VM is paused - cannot shutdown')
      const timeoutMs = (parameters.timeout ?? shutdownSeconds) * 1000
      return beginVmTask(cluster, caller, vm, 'qmreboot', async () => {
        await vm.lock.hold(() => shutdown(vm, { timeoutMs, force: false }))
        startAgain(cluster, vm)
      })
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/reset',
    parameters: { ...vmPath, skiplock: flag().optional() },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock'])
      const vm = findVm(cluster, parameters)
      runningOf(vm)
      return beginVmTask(cluster, caller, vm, 'qmreset', () => vm.lock.hold(() => reset(cluster, vm)))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/suspend',
    parameters: { ...vmPath, skiplock: flag().optional(), statestorage: text().optional(), todisk: flag().optional() },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock'])
      const vm = findVm(cluster, parameters)
      runningOf(vm)
      if (parameters.todisk)
        throw new Error('suspend to disk is not supported by the embedded lab: machines have no RAM image')
      return beginVmTask(cluster, caller, vm, 'qmpause', () => vm.lock.hold(() => suspend(vm)))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/status/resume',
    parameters: { ...vmPath, nocheck: flag().optional(), skiplock: flag().optional() },
    ...power,
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock', 'nocheck'])
      const vm = findVm(cluster, parameters)
      runningOf(vm)
      return beginVmTask(cluster, caller, vm, 'qmresume', () => vm.lock.hold(() => resume(vm)))
    },
  }),
]

async function startInTurn(cluster: Cluster, vm: Vm): Promise<void> {
  vm.awaitedStarts += 1
  try {
    await vm.lock.hold(() => start(cluster, vm))
  } finally {
    vm.awaitedStarts -= 1
  }
}

// An event daemon sees the power-off and starts the VM again, in a task of its own.
function startAgain(cluster: Cluster, vm: Vm): void {
  const daemon = { id: 'root@pam', isTicket: true }
  vm.awaitedStarts += 1
  const begin = (): void => {
    vm.awaitedStarts -= 1
    beginVmTask(cluster, daemon, vm, 'qmstart', () => startInTurn(cluster, vm))
  }
  void sleep(50, undefined, { ref: false }).then(begin)
}

function isManaged({ ha }: Cluster, { vmid }: Vm): boolean {
  const resource = ha.get(`vm:${vmid}`)
  return resource !== undefined && resource.state !== 'ignored'
}

// The task only tells the HA manager, which acts later by itself.
function haTask(cluster: Cluster, caller: Caller, vm: Vm, type: string, work: () => Promise<void>): string {
  const resource = cluster.ha.get(`vm:${vm.vmid}`)
  if (resource) resource.state = type === 'hastart' ? 'started' : 'stopped'
  void sleep(1000, undefined, { ref: false })
    .then(work)
    .catch(() => {})
  return beginVmTask(cluster, caller, vm, type, async () => {})
}
