import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { addressOf } from './address.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const echoPort = 7
const most = 5000
const accepted = z.object({
  from: z.string(),
  to: z.string(),
  every: z.number(),
  sessions: z.int(),
  port: z.int(),
  openEvery: z.number().optional(),
})

/** TCP connections held open, each carrying numbered messages to an echo service and back. */
export const tcpSession: ProbeKind = {
  kind: 'tcp-session',
  class: 'sessions',
  needsReflector: true,
  params: z.strictObject({
    from: nameSchema,
    to: nameSchema,
    every: durationSchema,
    sessions: z.int().min(1).max(most).default(1),
    port: z.int().min(1).max(65_535).default(echoPort),
    openEvery: durationSchema.optional(),
  }),
  howTo:
    'holds TCP connections to an echo service, sends a numbered message on each at every interval and compares the echo',
  spec(name, params, lab) {
    const { from, to, every, sessions, port, openEvery } = accepted.parse(params)
    const address = addressOf(to, lab)
    return {
      name,
      kind: 'tcp-session',
      class: 'sessions',
      from,
      to,
      address,
      port,
      everyMs: every,
      timeoutMs,
      sessions,
      ...(openEvery === undefined ? {} : { openEveryMs: openEvery }),
    }
  },
}
