import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { addressOf } from './address.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ from: z.string(), to: z.string(), every: z.number(), port: z.int() })

/** TCP handshakes at a fixed rate with any service: needs nothing of ours on the other side. */
export const tcpConnect: ProbeKind = {
  kind: 'tcp-connect',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({
    from: nameSchema,
    to: nameSchema,
    every: durationSchema,
    port: z.int().min(1).max(65_535),
  }),
  howTo:
    'opens a TCP connection at every interval and closes it; a connection within 2 s is an answer, a refusal is none',
  spec(name, params, lab) {
    const { from, to, every, port } = accepted.parse(params)
    const address = addressOf(to, lab)
    const rest = { class: 'packets' as const, address, port, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'tcp-connect', from, to, ...rest }
  },
}
