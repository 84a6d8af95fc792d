import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { node, storageId, text } from './parameter.ts'
import { upid } from './tasks.ts'

const onStorage = z.object({ node, storage: storageId })

export const listVolumes = endpoint({
  method: 'GET',
  path: '/nodes/{node}/storage/{storage}/content',
  parameters: onStorage.extend({ content: z.enum(['iso']).optional() }),
  reply: z.array(z.object({ volid: z.string() })),
})

/** Answers null where it was done at once. */
export const deleteVolume = endpoint({
  method: 'DELETE',
  path: '/nodes/{node}/storage/{storage}/content/{volume}',
  parameters: onStorage.extend({ volume: text }),
  reply: upid.nullish(),
})

/** Multipart; the file is the part named `filename`, and the last. */
export const uploadVolume = endpoint({
  method: 'POST',
  path: '/nodes/{node}/storage/{storage}/upload',
  body: 'multipart',
  parameters: onStorage.extend({
    content: z.literal('iso'),
    'checksum-algorithm': z.literal('sha256'),
    checksum: text,
  }),
  reply: upid,
  task: ['imgcopy'],
})
