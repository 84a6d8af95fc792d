import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { addressOf } from './address.ts'
import { type ProbeKind, timeoutMs } from './probe-kind.ts'

const sshPort = 22
/** Each session is a process on the vantage machine, and sshd admits only so many beginners at once. */
const most = 50
const accepted = z.object({ from: z.string(), to: z.string(), every: z.number(), sessions: z.int() })

/** SSH sessions of the real OpenSSH client, held open, each echoing numbered lines. Keepalives are off, so that TCP alone decides. */
export const sshSession: ProbeKind = {
  kind: 'ssh-session',
  class: 'sessions',
  needsReflector: true,
  params: z.strictObject({
    from: nameSchema,
    to: nameSchema,
    every: durationSchema,
    sessions: z.int().min(1).max(most).default(1),
  }),
  howTo: 'holds SSH sessions running `cat`, types a numbered line at every interval and compares what comes back',
  spec(name, params, lab) {
    const { from, to, every, sessions } = accepted.parse(params)
    const address = addressOf(to, lab)
    return {
      name,
      kind: 'ssh-session',
      class: 'sessions',
      from,
      to,
      address,
      port: sshPort,
      everyMs: every,
      timeoutMs,
      sessions,
    }
  },
}
