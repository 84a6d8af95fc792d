import { z } from 'zod'

const intervalSchema = z.object({ low: z.number(), high: z.number() })

/** One outage as the report of a drill says it, and the truth; the figures are ms. */
export const cutRowSchema = z.object({
  everyMs: z.number(),
  truth: intervalSchema,
  said: intervalSchema.nullable(),
  lost: z.number(),
  impaired: z.number(),
  evidence: z.string(),
  thetaMs: z.number(),
  clockBoundMs: z.number(),
})

export type CutRow = z.output<typeof cutRowSchema>
