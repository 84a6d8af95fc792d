import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { flag, optionalText } from '../transport/reply.ts'
import { count, onVm, yes } from './parameter.ts'
import { upid } from './tasks.ts'

/** `status` knows only running and stopped; `qmpstatus` tells what QEMU says. */
export const readStatus = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/status/current',
  parameters: onVm,
  reply: z.object({
    status: z.enum(['running', 'stopped']),
    qmpstatus: optionalText,
    ha: z.object({ managed: flag }).nullish(),
  }),
})

export const startVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/start',
  parameters: onVm,
  reply: upid,
  task: ['qmstart', 'hastart'],
})

/** `overrule-shutdown` ends a shutdown that is still waiting for its guest. */
export const stopVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/stop',
  parameters: onVm.extend({ 'overrule-shutdown': yes }),
  reply: upid,
  task: ['qmstop', 'hastop'],
})

export const shutdownVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/shutdown',
  parameters: onVm.extend({ timeout: count, forceStop: yes }),
  reply: upid,
  task: ['qmshutdown', 'hastop'],
})

export const rebootVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/reboot',
  parameters: onVm.extend({ timeout: count }),
  reply: upid,
  task: ['qmreboot'],
})

export const resetVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/reset',
  parameters: onVm,
  reply: upid,
  task: ['qmreset'],
})

export const suspendVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/suspend',
  parameters: onVm.extend({ todisk: yes }),
  reply: upid,
  task: ['qmpause'],
})

export const resumeVm = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/status/resume',
  parameters: onVm,
  reply: upid,
  task: ['qmresume'],
})
