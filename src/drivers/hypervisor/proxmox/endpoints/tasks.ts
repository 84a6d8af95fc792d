import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { optionalText, wholeNumber } from '../transport/reply.ts'
import { count, node, onNode, text } from './parameter.ts'

/** `UPID:NODE:PID:PSTART:STARTTIME:TYPE:ID:USER:` */
export const upid = z.string().regex(/^UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:]+:[^:]*:[^:]+:$/, {
  error: 'expected the UPID of a task',
})

const oneTask = z.object({ node, upid: text })

/** Without `source=all` only finished tasks are listed. `status` is `RUNNING` or nothing where one is not finished. */
export const listTasks = endpoint({
  method: 'GET',
  path: '/nodes/{node}/tasks',
  parameters: onNode.extend({
    source: z.enum(['archive', 'active', 'all']),
    vmid: count,
    since: count,
    limit: count,
    typefilter: text.optional(),
  }),
  reply: z.array(z.object({ upid: z.string(), status: optionalText })),
})

export const readTaskStatus = endpoint({
  method: 'GET',
  path: '/nodes/{node}/tasks/{upid}/status',
  parameters: oneTask,
  reply: z.object({ status: z.enum(['running', 'stopped']), exitstatus: optionalText }),
})

/** `limit=0` is all of it. */
export const readTaskLog = endpoint({
  method: 'GET',
  path: '/nodes/{node}/tasks/{upid}/log',
  parameters: oneTask.extend({ limit: count }),
  reply: z.array(z.object({ n: wholeNumber, t: z.string() })),
})
