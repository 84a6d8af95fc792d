import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { addressOf } from './address.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ from: z.string(), to: z.string(), every: z.number() })

/** ICMP echo at a fixed rate, whatever becomes of the answers. */
export const ping: ProbeKind = {
  kind: 'ping',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({ from: nameSchema, to: nameSchema, every: durationSchema }),
  howTo: 'sends an ICMP echo request at every interval (fping); an echo reply within 2 s is an answer',
  spec(name, params, lab) {
    const { from, to, every } = accepted.parse(params)
    const address = addressOf(to, lab)
    return {
      name,
      kind: 'ping',
      class: 'packets',
      from,
      to,
      address,
      port: null,
      everyMs: every,
      timeoutMs,
      sessions: 0,
    }
  },
}
