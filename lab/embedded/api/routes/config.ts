import { assertWritable, findVm, type Cluster } from '../../cluster.ts'
import type { Caller } from '../../access/access.ts'
import { configParameters } from '../../vm/config-keys.ts'
import { configure } from '../../vm/configure.ts'
import { assertDigest, digestOf, mergedConfig, pendingList, shownConfig } from '../../vm/pending.ts'
import { cloudInit } from '../../vm/start-media.ts'
import { findSnapshot } from '../../vm/snapshot.ts'
import { assertNotLocked, type Vm } from '../../vm/vm.ts'
import { choice, flag, integer, text } from '../parameter.ts'
import { refuseRootOnly } from '../permission.ts'
import { route } from '../route.ts'
import { assertConfigPrivileges, configChange } from './config-change.ts'
import { beginVmTask, onVm, vmPath } from './vm-task.ts'

const editing = {
  ...vmPath,
  ...configParameters(),
  delete: text().optional(),
  digest: text(40).optional(),
  force: flag().optional(),
  revert: text().optional(),
  skiplock: flag().optional(),
}

const editors = {
  path: '/vms/{vmid}',
  privileges: 'Disk CDROM CPU Memory Network HWType Options Cloudinit'.split(' ').map((kind) => `VM.Config.${kind}`),
  any: true,
}

/** Endpoints about the configuration of a VM. */
export const configRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/config',
    parameters: { ...vmPath, current: flag().optional(), snapshot: text(40).optional() },
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => {
      const vm = findVm(cluster, parameters)
      const { snapshot, current } = parameters
      const config =
        snapshot === undefined ? (current ? vm.config : mergedConfig(vm)) : findSnapshot(vm, snapshot).config
      return { ...shownConfig(config), digest: digestOf(vm) }
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/pending',
    parameters: vmPath,
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => pendingList(findVm(cluster, parameters)),
  }),
  route({
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/config',
    parameters: editing,
    isProtected: true,
    check: editors,
    answer: async ({ cluster, caller, parameters }) => {
      await edit(cluster, caller, findVm(cluster, parameters), parameters)
      return null
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/config',
    parameters: {
      ...editing,
      background_delay: integer(1, 30).optional(),
      'import-working-storage': text().optional(),
    },
    isProtected: true,
    check: editors,
    answer: async ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      const task = beginVmTask(cluster, caller, vm, 'qmconfig', () => edit(cluster, caller, vm, parameters))
      const patience = performance.now() + (parameters.background_delay ?? 0) * 1000
      while (performance.now() < patience) {
        const status = cluster.tasks.find(task)?.exitStatus
        if (status === 'OK') return null
        if (status !== undefined) throw new Error(status)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return task
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/cloudinit',
    parameters: vmPath,
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) =>
      pendingList(findVm(cluster, parameters)).filter(({ key }) =>
        /^(ci|ipconfig|nameserver|searchdomain|sshkeys|name$)/.test(key),
      ),
  }),
  route({
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/cloudinit',
    parameters: vmPath,
    isProtected: true,
    check: onVm('VM.Config.Cloudinit'),
    answer: async ({ cluster, parameters }) => {
      const vm = findVm(cluster, parameters)
      await vm.lock.hold(() => assertNotLocked(vm))
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/cloudinit/dump',
    parameters: { ...vmPath, type: choice('user', 'network', 'meta') },
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => {
      const names = { user: 'user-data.json', network: 'network-config.json', meta: 'meta-data.json' }
      return cloudInit(findVm(cluster, parameters)).get(names[parameters.type]) ?? ''
    },
  }),
]

async function edit(
  cluster: Cluster,
  caller: Caller,
  vm: Vm,
  parameters: Readonly<Record<string, unknown>>,
): Promise<void> {
  refuseRootOnly(caller, parameters, ['skiplock'])
  const change = configChange(caller, parameters)
  const deleted = change.deletes.map((key) => [key, ''] as const)
  assertConfigPrivileges(cluster, caller, vm, [...change.values, ...deleted])
  const digest = parameters['digest']
  assertDigest(vm, typeof digest === 'string' ? digest : undefined)
  await vm.lock.hold(async () => {
    assertDigest(vm, typeof digest === 'string' ? digest : undefined)
    if (parameters['skiplock'] !== true) assertNotLocked(vm)
    assertWritable(cluster, `nodes/${vm.node}/qemu-server/${vm.vmid}.conf`)
    await configure(cluster, vm, change)
  })
}
