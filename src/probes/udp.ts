import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { addressOf } from './address.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ from: z.string(), to: z.string(), port: z.int(), every: z.number() })
const everySchema = durationSchema
  .refine((everyMs) => everyMs >= 1, { error: 'expected an interval of 1ms or more' })
  .default(10)

/** Numbered UDP datagrams to a reflector that numbers its answers. */
export const udp: ProbeKind = {
  kind: 'udp',
  class: 'packets',
  needsReflector: true,
  params: z.strictObject({
    from: nameSchema,
    to: nameSchema,
    port: z.int().min(1).max(65_535).default(7),
    every: everySchema,
  }),
  howTo: 'sends a numbered datagram at every interval; its echo within 2 s, numbered by the reflector, is an answer',
  spec(name, params, lab) {
    const { from, to, port, every } = accepted.parse(params)
    const address = addressOf(to, lab)
    return { name, kind: 'udp', class: 'packets', from, to, address, port, everyMs: every, timeoutMs, sessions: 0 }
  },
}
