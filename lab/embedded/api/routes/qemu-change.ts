import { z } from 'zod'
import { assertQuorum, findVm } from '../../cluster.ts'
import { migrate } from '../../vm/lifecycle.ts'
import { assertNotLocked, hasFlag } from '../../vm/vm.ts'
import { choice, flag, integer, nodeName, text } from '../parameter.ts'
import { refuseRootOnly } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'
import { beginVmTask, onVm, vmPath } from './vm-task.ts'

/** Endpoints that make something else of a VM: a template, a larger one, one of another node. */
export const changeRoutes = [
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/template',
    parameters: { ...vmPath, disk: text().optional() },
    isProtected: true,
    check: onVm('VM.Allocate'),
    answer: ({ cluster, caller, parameters }) => {
      const vm = findVm(cluster, parameters)
      assertNotLocked(vm)
      if (vm.snapshots.size > 0) throw new Error(`unable to create template, because VM contains snapshots`)
      if (hasFlag(vm, 'template') && parameters.disk === undefined)
        throw new Error(`you can't convert a template to a template`)
      if (vm.running) throw new Error(`you can't convert a VM to template if VM is running`)
      return beginVmTask(cluster, caller, vm, 'qmtemplate', () =>
        vm.lock.hold(() => void (vm.config['template'] = '1')),
      )
    },
  }),
  route({
    method: 'PUT',
    path: '/nodes/{node}/qemu/{vmid}/resize',
    parameters: {
      ...vmPath,
      digest: text(40).optional(),
      disk: z.string().regex(/^((ide|sata|scsi|virtio)\d+|efidisk0|tpmstate0)$/, {
        error: 'value does not have a value in the enumeration',
      }),
      size: z.string().regex(/^\+?\d+(\.\d+)?[KMGT]?$/, { error: 'value does not match the regex pattern' }),
      skiplock: flag().optional(),
    },
    isProtected: true,
    check: onVm('VM.Config.Disk'),
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['skiplock'])
      const vm = findVm(cluster, parameters)
      const { disk, size } = parameters
      assertQuorum(cluster)
      return beginVmTask(cluster, caller, vm, 'resize', () => vm.lock.hold(() => grow(vm, disk, size)))
    },
  }),
  route({
    method: 'POST',
    path: '/nodes/{node}/qemu/{vmid}/migrate',
    parameters: {
      ...vmPath,
      bwlimit: integer(0).optional(),
      force: flag().optional(),
      migration_network: text().optional(),
      migration_type: choice('secure', 'insecure').optional(),
      online: flag().optional(),
      target: nodeName(),
      targetstorage: text().optional(),
      'with-conntrack-state': flag().optional(),
      'with-local-disks': flag().optional(),
    },
    isProtected: true,
    check: onVm('VM.Migrate'),
    answer: ({ cluster, caller, parameters }) => {
      refuseRootOnly(caller, parameters, ['force', 'migration_type', 'migration_network'])
      const vm = findVm(cluster, parameters)
      const { target } = parameters
      if (target === vm.node) throw parameterRefusal({ target: 'target is local node.' })
      if (!cluster.nodes.has(target)) throw new Error(`no such cluster node '${target}'`)
      if (vm.running && !parameters.online) throw new Error(`can't migrate running VM without --online`)
      if (vm.running) throw new Error('online migration is not supported by the embedded lab: stop the VM first')
      return beginVmTask(cluster, caller, vm, 'qmigrate', () => vm.lock.hold(() => migrate(cluster, vm, target)))
    },
  }),
]

function grow({ config }: { config: Record<string, string> }, disk: string, wanted: string): void {
  const drive = config[disk]
  if (drive === undefined) throw new Error(`disk '${disk}' does not exist`)
  const current = inGigabytes(/\bsize=([^,]+)/.exec(drive)?.[1] ?? '0')
  const size = wanted.startsWith('+') ? current + inGigabytes(wanted.slice(1)) : inGigabytes(wanted)
  if (size < current) throw new Error('shrinking disks is not supported')
  config[disk] = `${drive.replace(/,size=[^,]+/, '')},size=${size}G`
}

function inGigabytes(size: string): number {
  const factor: Record<string, number> = { '': 2 ** -30, K: 2 ** -20, M: 2 ** -10, G: 1, T: 1024 }
  return Number.parseFloat(size) * (factor[/[KMGT]?$/.exec(size)?.[0] ?? ''] ?? 1)
}
