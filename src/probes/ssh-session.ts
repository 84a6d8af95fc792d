import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { acceptedEnds, destinationOf, ends } from './ends.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const sshPort = 22
/** Each session is a process on the vantage machine, and sshd admits only so many beginners at once. */
const most = 50
const accepted = z.object({ ...acceptedEnds, every: z.number(), sessions: z.int() })

/** SSH sessions of the real OpenSSH client, held open, each echoing numbered lines. Keepalives are off, so that TCP alone decides. */
export const sshSession: ProbeKind = {
  kind: 'ssh-session',
  class: 'sessions',
  needsReflector: true,
  params: z.strictObject({
    ...ends,
    every: durationSchema,
    sessions: z.int().min(1).max(most).default(1),
  }),
  howTo: 'holds SSH sessions running `cat`, types a numbered line at every interval and compares what comes back',
  spec(name, params, lab) {
    const { from, to, family, every, sessions } = accepted.parse(params)
    const { address, port: forwarded } = destinationOf(to, family, lab)
    return {
      name,
      kind: 'ssh-session',
      class: 'sessions',
      from,
      to,
      address,
      port: forwarded ?? sshPort,
      everyMs: every,
      timeoutMs,
      sessions,
    }
  },
}
