import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { flag, looseText, optionalNumber, optionalText, wholeNumber } from '../transport/reply.ts'
import { onVm } from './parameter.ts'

export const pingAgent = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/agent/ping',
  parameters: onVm,
  reply: z.object({}).nullish(),
})

const address = z.object({ 'ip-address-type': z.string(), 'ip-address': z.string() })

export const readInterfaces = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces',
  parameters: onVm,
  reply: z.object({
    result: z.array(
      z.object({
        name: looseText,
        'hardware-address': optionalText,
        'ip-addresses': z.array(address).nullish(),
      }),
    ),
  }),
})

export const execInGuest = endpoint({
  method: 'POST',
  path: '/nodes/{node}/qemu/{vmid}/agent/exec',
  body: 'json',
  parameters: onVm.extend({ command: z.array(z.string()).min(1) }),
  reply: z.object({ pid: wholeNumber }),
})

/** The end of a process can be read once, so this GET is never repeated. */
export const readExecStatus = endpoint({
  method: 'GET',
  path: '/nodes/{node}/qemu/{vmid}/agent/exec-status',
  isRepeatable: false,
  parameters: onVm.extend({ pid: z.int() }),
  reply: z.object({
    exited: flag,
    exitcode: optionalNumber,
    signal: optionalNumber,
    'out-data': optionalText,
    'err-data': optionalText,
  }),
})
