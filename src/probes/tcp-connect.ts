import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ ...acceptedEnds, every: z.number(), port: z.int().optional() })

/** TCP handshakes at a fixed rate with any service: needs nothing of ours on the other side. */
export const tcpConnect: ProbeKind = {
  kind: 'tcp-connect',
  class: 'packets',
  needsReflector: false,
  params: z
    .strictObject({ ...ends, every: durationSchema, port: z.int().min(1).max(65_535).optional() })
    .refine(({ to, port }) => port !== undefined || to.startsWith('forward:'), { error: 'expected a port' }),
  howTo:
    'opens a TCP connection at every interval and closes it; a connection within 2 s is an answer, a refusal is none',
  spec(name, params, lab) {
    const { from, to, family, every, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded
    const rest = { class: 'packets' as const, address, port, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'tcp-connect', from, to, ...rest }
  },
}
