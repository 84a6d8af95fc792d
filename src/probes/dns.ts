import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const dnsPort = 53
const accepted = z.object({ ...acceptedEnds, every: z.number(), name: z.string(), port: z.int().optional() })

/** Names asked of a server at a fixed rate: a machine's, or the pair's own by a shared address. */
export const dns: ProbeKind = {
  kind: 'dns',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({
    ...ends,
    every: durationSchema,
    name: z
      .string()
      .max(253)
      .regex(/^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/i, { error: 'expected a name, like www.example.org' })
      .default('probe.firedrill.test'),
    port: z.int().min(1).max(65_535).optional(),
  }),
  howTo: 'asks for the IPv4 address of a name at every interval, from a fresh port; an address within 2 s is an answer',
  spec(name, params, lab) {
    const { from, to, family, every, name: question, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded ?? dnsPort
    const rest = { class: 'packets' as const, address, port, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'dns', from, to, ...rest, question }
  },
}
