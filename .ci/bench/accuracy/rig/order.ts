import { z } from 'zod'

const probes = { seed: z.int(), kind: z.string(), everyMs: z.array(z.number()) }

/** How long each cut is, and how long after the end of the one before it comes. */
const cuts = z.array(z.object({ lengthMs: z.number(), afterMs: z.number() }))

/** Cuts made by rules. */
const cutsSchema = z.object({ part: z.literal('cuts'), ...probes, cuts })

/** The same for every tool at once. */
const toolsSchema = z.object({ part: z.literal('tools'), kind: z.string(), everyMs: z.number(), cuts })

/** Cuts made by taking the link down, and how long is waited before each. */
const carrierSchema = z.object({ part: z.literal('carrier'), ...probes, waitsMs: z.array(z.number()) })

/** Every tool at every interval, for so long, so many times. */
const paceSchema = z.object({
  part: z.literal('pace'),
  kind: z.string(),
  everyMs: z.array(z.number()),
  seconds: z.number(),
  rounds: z.int(),
})

export const orderSchema = z.discriminatedUnion('part', [cutsSchema, carrierSchema, paceSchema, toolsSchema])

export type CutsOrder = z.output<typeof cutsSchema>
export type CarrierOrder = z.output<typeof carrierSchema>
export type PaceOrder = z.output<typeof paceSchema>
export type ToolsOrder = z.output<typeof toolsSchema>
