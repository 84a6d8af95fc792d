import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ ...acceptedEnds, every: z.number() })

/** ICMP echo at a fixed rate, whatever becomes of the answers. */
export const ping: ProbeKind = {
  kind: 'ping',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({ ...ends, every: durationSchema }),
  howTo: 'sends an ICMP echo request at every interval (fping); an echo reply within 2 s is an answer',
  spec(name, params, lab) {
    const { from, to, family, every } = accepted.parse(params)
    const { address } = destinationOf(to, family, lab)
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
