import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { flag, looseText, optionalNumber, optionalText } from '../transport/reply.ts'
import { nothing } from './parameter.ts'

export const readVersion = endpoint({
  method: 'GET',
  path: '/version',
  parameters: nothing,
  reply: z.object({ version: z.string().regex(/^\d+\.\d+/, { error: 'expected a version like 9.1.9' }) }),
})

/** All VMs and containers of the cluster. Their nodes are right at once, their names and states up to 10 s old. */
export const listResources = endpoint({
  method: 'GET',
  path: '/cluster/resources',
  parameters: z.object({ type: z.enum(['vm', 'node']) }),
  reply: z.array(
    z.object({
      type: z.string(),
      node: optionalText,
      vmid: optionalNumber,
      name: optionalText,
      tags: optionalText,
      pool: optionalText,
      status: optionalText,
      template: flag,
    }),
  ),
})

/** A `cluster` entry, which only a cluster has, and one entry per node. */
export const readClusterStatus = endpoint({
  method: 'GET',
  path: '/cluster/status',
  parameters: nothing,
  reply: z.array(
    z.object({
      type: z.enum(['cluster', 'node']),
      name: looseText,
      quorate: flag,
      online: flag,
      local: flag,
      ip: optionalText,
    }),
  ),
})

export const listClusterTasks = endpoint({
  method: 'GET',
  path: '/cluster/tasks',
  parameters: nothing,
  reply: z.array(z.object({ upid: z.string() })),
})

/** Network devices that a node is configured with; SDN vnets are not among them. */
export const listNetworks = endpoint({
  method: 'GET',
  path: '/nodes/{node}/network',
  parameters: z.object({ node: z.string() }),
  reply: z.array(z.object({ iface: looseText, type: looseText, active: flag })),
})

export const listNodes = endpoint({
  method: 'GET',
  path: '/nodes',
  parameters: nothing,
  reply: z.array(z.object({ node: looseText, status: z.enum(['unknown', 'online', 'offline']) })),
})
