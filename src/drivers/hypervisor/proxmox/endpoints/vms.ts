import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { flag, nothing, optionalNumber, optionalText, wholeNumber } from '../transport/reply.ts'
import { onNode, onVm, poolId, setting, storageId, text, vmid, yes } from './parameter.ts'
import { upid } from './tasks.ts'

/** The VMs of one node, as their configurations say now. */
export const listVms = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu',
  parameters: onNode,
  reply: z.array(
    z.object({
      vmid: wholeNumber,
      name: optionalText,
      tags: optionalText,
      status: optionalText,
      template: flag,
    }),
  ),
})

/** With any setting of a configuration besides. */
export const createVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu',
  parameters: onVm.extend({ name: text, pool: poolId }).catchall(setting),
  reply: upid,
  task: ['qmcreate'],
})

/** The task bears the VMID of the template. */
export const cloneVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/clone',
  parameters: onVm.extend({
    newid: vmid,
    name: text,
    pool: poolId,
    full: yes,
    storage: storageId.optional(),
    target: text.optional(),
  }),
  reply: upid,
  task: ['qmclone'],
})

export const destroyVm = endpoint({
  method: 'DELETE',
  path: '/nodes/{node}/qemu/{vmid}',
  parameters: onVm.extend({ purge: yes, 'destroy-unreferenced-disks': yes }),
  reply: upid,
  task: ['qmdestroy'],
})

const scalar = z.union([
  z.string(),
  z.number().transform(String),
  z.boolean().transform((value) => (value ? '1' : '0')),
])

/** With `current` as it runs, without it as it will run once all pending changes are taken over. */
export const readConfig = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/config',
  parameters: onVm.extend({ current: yes }),
  reply: z.object({ digest: optionalText }).catchall(z.unknown()),
})

/** Its values that are plain, as text. */
export function settingsOf(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const plain = Object.entries(config).flatMap(([key, value]): [string, string][] => {
    const parsed = scalar.safeParse(value)
    return parsed.success ? [[key, parsed.data]] : []
  })
  return Object.fromEntries(plain)
}

/** Synchronous; with any setting of a configuration. */
export const writeConfig = endpoint({
  method: 'PUT',
  path: '/nodes/{node}/qemu/{vmid}/config',
  parameters: onVm.extend({ digest: text.optional() }).catchall(setting),
  reply: nothing,
})

export const readPending = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/pending',
  parameters: onVm,
  reply: z.array(z.object({ key: z.string(), value: optionalText, pending: optionalText, delete: optionalNumber })),
})
