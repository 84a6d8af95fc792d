import { z } from 'zod'

/** What the kernel logged of CARP or of a link. `atMs` is on the log's own clock (local time as if it were UTC); it happened within `resolutionMs` from then. */
export const carpLogEntrySchema = z.object({
  atMs: z.number(),
  resolutionMs: z.number(),
  /** Seconds since boot, where the line has its raw prefix. */
  uptimeSeconds: z.number().nullable(),
  event: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('transition'),
      vhid: z.int(),
      nic: z.string(),
      from: z.string(),
      to: z.string(),
      reason: z.string(),
    }),
    z.object({ kind: z.literal('demotion'), by: z.int(), to: z.int(), reason: z.string() }),
    z.object({ kind: z.literal('link'), nic: z.string(), state: z.enum(['UP', 'DOWN']) }),
  ]),
})

export type CarpLogEntry = z.output<typeof carpLogEntrySchema>
