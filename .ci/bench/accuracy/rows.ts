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
  /** For how long the machine stood still around the ends of the cut. */
  standstillMs: z.number(),
})

const spreadSchema = z.object({ p50: z.number(), p99: z.number() })

/** How one tool kept its grid in one round, and the share of a core that it took. */
export const paceRowSchema = z.object({
  tool: z.string(),
  everyMs: z.number(),
  processor: z.number(),
  sent: z.number(),
  kept: z.number(),
  missed: z.number(),
  deviation: spreadSchema,
  grid: spreadSchema,
})

/** How far off one tool was at each cut, ms: by counting losses, and by its send times. */
export const toolRowSchema = z.object({
  tool: z.string(),
  everyMs: z.number(),
  counted: z.array(z.number()),
  bracket: z.array(z.number().nullable()),
})

export type ToolRow = z.output<typeof toolRowSchema>
export type PaceRow = z.output<typeof paceRowSchema>
export type CutRow = z.output<typeof cutRowSchema>
