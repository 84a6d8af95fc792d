import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const echoPort = 7
const most = 50
const accepted = z.object({
  ...acceptedEnds,
  every: z.number(),
  chunkBytes: z.int(),
  sessions: z.int(),
  port: z.int().optional(),
})

/** Transfers that fill their connection: chunks of pseudo-random bytes each way, compared byte for byte. */
export const bulk: ProbeKind = {
  kind: 'bulk',
  class: 'sessions',
  needsReflector: true,
  params: z.strictObject({
    ...ends,
    every: durationSchema.default(20),
    chunkBytes: z.int().min(64).max(65_536).default(16_384),
    sessions: z.int().min(1).max(most).default(1),
    port: z.int().min(1).max(65_535).optional(),
  }),
  howTo:
    'holds TCP connections to an echo service, sends a chunk of pseudo-random bytes on each at every interval (20 ms unless given) and compares every byte of the echo',
  spec(name, params, lab) {
    const { from, to, family, every, chunkBytes, sessions, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded ?? echoPort
    const rest = { class: 'sessions' as const, address, port, everyMs: every, timeoutMs, sessions }
    return { name, kind: 'bulk', from, to, ...rest, chunkBytes }
  },
}
