import { z } from 'zod'

/** `each`: how many sessions of each kind are harmed. */
const sessionsOrderSchema = z.object({ part: z.literal('sessions'), seed: z.int(), sessions: z.int(), each: z.int() })

/** Probes every 10 ms beside so many sessions in the same agent, for so long. */
const besideOrderSchema = z.object({ part: z.literal('beside'), sessions: z.int(), seconds: z.number() })

export const orderSchema = z.discriminatedUnion('part', [sessionsOrderSchema, besideOrderSchema])

export type SessionsOrder = z.output<typeof sessionsOrderSchema>
export type BesideOrder = z.output<typeof besideOrderSchema>

const spreadSchema = z.object({ p50: z.number(), p99: z.number(), max: z.number() })

/** What many sessions cost, how long their echoes take, ms, and what the report says of those that were harmed. */
export const sessionsRowSchema = z.object({
  sessions: z.int(),
  messages: z.int(),
  perSecond: z.number(),
  processor: z.number(),
  residentBytes: z.number(),
  echo: spreadSchema,
  lateness: spreadSchema,
  /** Of each harm and of the sessions left alone (`none`): how many had which verdict. */
  verdicts: z.record(z.string(), z.record(z.string(), z.int())),
  /** Verdicts that are not what was done; sessions without any. */
  wrong: z.int(),
  undecided: z.int(),
  examples: z.array(z.string()),
})

export type SessionsRow = z.output<typeof sessionsRowSchema>

/** How far the distances of probes were from 10 ms, ms, with and without sessions beside them. */
export const besideRowSchema = z.object({ sent: z.int(), missed: z.int(), p50: z.number(), p99: z.number() })

export type BesideRow = z.output<typeof besideRowSchema>
