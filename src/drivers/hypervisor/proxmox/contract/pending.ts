import { z } from 'zod'

/** What `GET pending` says, key by key. */
export const pendingList = z.array(
  z.looseObject({ key: z.string(), pending: z.unknown().optional(), delete: z.unknown().optional() }),
)

/** Whether a key has a value, or a removal, that the running VM has not taken. */
export const isPending = (entry: z.output<typeof pendingList>[number]): boolean =>
  (entry.pending ?? entry.delete ?? null) !== null
