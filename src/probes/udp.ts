import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ ...acceptedEnds, port: z.int().optional(), every: z.number(), fresh: z.boolean() })
const reflectorPort = 7
const everySchema = durationSchema
  .refine((everyMs) => everyMs >= 1, { error: 'expected an interval of 1ms or more' })
  .default(10)

/** Numbered UDP datagrams to a reflector that numbers its answers. */
export const udp: ProbeKind = {
  kind: 'udp',
  class: 'packets',
  needsReflector: true,
  params: z.strictObject({
    ...ends,
    port: z.int().min(1).max(65_535).optional(),
    every: everySchema,
    fresh: z.boolean().default(false),
  }),
  howTo:
    'sends a numbered datagram at every interval (10 ms unless given); its echo within 2 s, numbered by the reflector, is an answer (fresh: each from a port of its own, a new state for the firewalls)',
  spec(name, params, lab) {
    const { from, to, family, every, fresh: isFresh, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded ?? reflectorPort
    const rest = { class: 'packets' as const, address, port, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'udp', from, to, ...rest, ...(isFresh ? { isFresh } : {}) }
  },
}
