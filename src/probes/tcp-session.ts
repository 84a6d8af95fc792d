import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const echoPort = 7
const most = 5000
const accepted = z.object({
  ...acceptedEnds,
  every: z.number(),
  sessions: z.int(),
  port: z.int().optional(),
  openEvery: z.number().optional(),
})

/** TCP connections held open, each carrying numbered messages to an echo service and back. */
export const tcpSession: ProbeKind = {
  kind: 'tcp-session',
  class: 'sessions',
  needsReflector: true,
  params: z.strictObject({
    ...ends,
    every: durationSchema,
    sessions: z.int().min(1).max(most).default(1),
    port: z.int().min(1).max(65_535).optional(),
    openEvery: durationSchema.optional(),
  }),
  howTo:
    'holds TCP connections to an echo service, sends a numbered message on each at every interval and compares the echo',
  spec(name, params, lab) {
    const { from, to, family, every, sessions, openEvery, ...given } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    const port = given.port ?? forwarded ?? echoPort
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
