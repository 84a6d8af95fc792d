import { z } from 'zod'

/** A role change as the log collector of a lab was told of it: when the line came, by the collector's wall clock, and by which node's own name. */
export const collectedLineSchema = z.object({
  wallMs: z.number(),
  node: z.string(),
  vhid: z.int(),
  from: z.string(),
  to: z.string(),
})

export type CollectedLine = z.output<typeof collectedLineSchema>
