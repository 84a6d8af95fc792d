import { findVm } from '../../cluster.ts'
import { rollback, findSnapshot, removeSnapshot, takeSnapshot } from '../../vm/snapshot.ts'
import { start } from '../../vm/power.ts'
import { shownConfig } from '../../vm/pending.ts'
import { flag, named, text } from '../parameter.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'
import { beginVmTask, onVm, vmPath } from './vm-task.ts'

const name = () =>
  named(/^[a-zA-Z][\w-]+$/, 'configuration ID').refine((value) => value.length <= 40, {
    error: 'value may only be 40 characters long',
  })
const one = { ...vmPath, snapname: name() }
const rollers = { path: '/vms/{vmid}', privileges: ['VM.Snapshot', 'VM.Snapshot.Rollback'], any: true }

/** Endpoints about snapshots: disk and configuration, never RAM. */
export const snapshotRoutes = [
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/snapshot',
    parameters: vmPath,
    isProtected: true,
    check: onVm('VM.Audit'),
    answer: ({ cluster, parameters }) => {
      const vm = findVm(cluster, parameters)
      const kept = [...vm.snapshots.values()].map(({ name: id, description, takenAt, parent }) => ({
        name: id,
        description,
        snaptime: takenAt,
        vmstate: 0,
        ...(parent !== undefined && { parent }),
      }))
      const parent = vm.currentParent === undefined ? {} : { parent: vm.currentParent }
      return [...kept, { name: 'current', description: 'You are here!', running: vm.running ? 1 : 0, ...parent }]
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/snapshot',
    parameters: { ...one, description: text().optional(), vmstate: flag().optional() },
    isProtected: true,
    check: onVm('VM.Snapshot'),
    answer: ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      const { snapname, description = '' } = parameters
      if (snapname === 'current') throw new Error(`unable to use snapshot name 'current' (reserved name)`)
      if (parameters.vmstate)
        throw new Error('snapshots with RAM are not supported by the embedded lab: leave out vmstate')
      return beginVmTask(cluster, caller, vm, 'qmsnapshot', () =>
        vm.lock.hold(() => takeSnapshot(cluster, vm, snapname, description)),
      )
    },
  }),
  route({
    method: 'DELETE',
    path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}',
    parameters: { ...one, force: flag().optional() },
    isProtected: true,
    check: onVm('VM.Snapshot'),
    answer: ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      return beginVmTask(cluster, caller, vm, 'qmdelsnapshot', () =>
        vm.lock.hold(() => removeSnapshot(cluster, vm, parameters.snapname)),
      )
    },
  }),
  route({
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config',
    parameters: one,
    check: { path: '/vms/{vmid}', privileges: ['VM.Snapshot', 'VM.Snapshot.Rollback', 'VM.Audit'], any: true },
    answer: ({ cluster, parameters }) => {
      const { config, description, takenAt } = findSnapshot(findVm(cluster, parameters), parameters.snapname)
      return { ...shownConfig(config), snaptime: takenAt, ...(description !== '' && { description }) }
    },
  }),
  route({
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config',
    parameters: { ...one, description: text().optional() },
    isProtected: true,
    check: onVm('VM.Snapshot'),
    answer: ({ cluster, parameters }) => {
      const snapshot = findSnapshot(findVm(cluster, parameters), parameters.snapname)
      if (parameters.description !== undefined) snapshot.description = parameters.description
      return null
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback',
    parameters: { ...one, start: flag().optional() },
    isProtected: true,
    check: rollers,
    answer: ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      if (parameters.snapname === 'current')
        throw parameterRefusal({ snapname: `unable to use snapshot name 'current'` })
      return beginVmTask(cluster, caller, vm, 'qmrollback', async () => {
        await vm.lock.hold(() => rollback(cluster, vm, parameters.snapname))
        if (parameters.start) await vm.lock.hold(() => start(cluster, vm))
      })
    },
  }),
]
