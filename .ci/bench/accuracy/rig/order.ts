import { z } from 'zod'

const cut = z.object({ lengthMs: z.number(), afterMs: z.number() })

export const orderSchema = z.object({
  part: z.literal('cuts'),
  seed: z.int(),
  kind: z.string(),
  everyMs: z.array(z.number()),
  cuts: z.array(cut),
})
