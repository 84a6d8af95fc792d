import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { flag, optionalText } from '../transport/reply.ts'
import { nothing, text } from './parameter.ts'

/** Login; a still valid ticket may stand in for the password. */
export const createTicket = endpoint({
  method: 'POST',
  path: '/access/ticket',
  parameters: z.object({ username: text, password: text }),
  reply: z.object({ ticket: optionalText, CSRFPreventionToken: optionalText, NeedTFA: flag }),
})

export const readPermissions = endpoint({
  method: 'GET',
  path: '/access/permissions',
  parameters: nothing,
  reply: z.record(z.string(), z.record(z.string(), flag)),
})
