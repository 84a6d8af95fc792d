import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { onVm, snapshotName, yes } from './parameter.ts'
import { upid } from './tasks.ts'

const oneSnapshot = onVm.extend({ snapname: snapshotName })

/** With an entry `current`, which is the VM as it is and no snapshot. */
export const listSnapshots = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/snapshot',
  parameters: onVm,
  reply: z.array(z.object({ name: z.string() })),
})

export const takeSnapshot = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/snapshot',
  parameters: oneSnapshot.extend({ vmstate: yes }),
  reply: upid,
  task: ['qmsnapshot'],
})

export const rollbackSnapshot = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback',
  parameters: oneSnapshot.extend({ start: yes }),
  reply: upid,
  task: ['qmrollback'],
})

export const deleteSnapshot = endpoint({
  method: 'DELETE',
  path: '/nodes/{node}/qemu/{vmid}/snapshot/{snapname}',
  parameters: oneSnapshot,
  reply: upid,
  task: ['qmdelsnapshot'],
})
