import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const accepted = z.object({ ...acceptedEnds, every: z.number() })

/** A lease of a network, and its renewal at a fixed rate: first asked of the server that gave it, then of everybody. */
export const dhcpRenew: ProbeKind = {
  kind: 'dhcp-renew',
  class: 'packets',
  needsReflector: false,
  params: z.strictObject({
    from: ends.from,
    to: ends.to,
    family: z.literal(4, { error: 'expected 4: leases of IPv6 are not asked for' }).default(4),
    every: durationSchema.refine((ms) => ms >= timeoutMs, {
      error: 'expected 2s or more: a renewal may take that long',
    }),
  }),
  howTo:
    'takes a lease in the network of its destination as a client of its own, and asks for its renewal at every interval: the server that gave it, then everybody; an acknowledgement of the same address within 2 s is an answer',
  spec(name, params, lab) {
    const { from, to, family, every } = accepted.parse(params)
    const { address } = destinationOf(to, family, lab)
    const rest = { class: 'packets' as const, address, port: null, everyMs: every, timeoutMs, sessions: 0 }
    return { name, kind: 'dhcp-renew', from, to, ...rest }
  },
}
