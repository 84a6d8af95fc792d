import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { looseText, nothing, optionalNumber, optionalText } from '../transport/reply.ts'
import { poolId, text } from './parameter.ts'

/** With `poolid` the one pool, with its members; a pool that is not there is an error. */
export const listPools = endpoint({
  method: 'GET',
  path: '/pools',
  parameters: z.object({ poolid: poolId.optional() }),
  reply: z.array(
    z.object({
      poolid: looseText,
      comment: optionalText,
      members: z.array(z.object({ type: z.string(), vmid: optionalNumber })).nullish(),
    }),
  ),
})

export const createPool = endpoint({
  method: 'POST',
  path: '/pools',
  parameters: z.object({ poolid: poolId, comment: text }),
  reply: nothing,
})

export const deletePool = endpoint({
  method: 'DELETE',
  path: '/pools',
  parameters: z.object({ poolid: poolId }),
  reply: nothing,
})
