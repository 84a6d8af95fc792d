import type { Target } from '../../../../model/target.ts'
import type { Clock } from '../../../../ports/clock.ts'
import { createTicket } from '../endpoints/access.ts'
import type { Credential } from './credential.ts'
import { failure } from './error.ts'
import type { Exchange } from './exchange.ts'
import { createGate } from './gate.ts'
import { parseReply } from './reply.ts'

/** Ticket and CSRF token live 2 h; a still valid ticket buys the next one. */
const renewAfterMs = 90 * 60_000
const validMs = 118 * 60_000

interface Ticket {
  ticket: string
  csrf: string
  sinceMs: number
}

/** Logs in with the first call, and renews the ticket before its end. The password never appears in an error. */
export function ticketCredential(
  auth: NonNullable<Target['auth']>,
  environment: NodeJS.ProcessEnv,
  exchange: Exchange,
  clock: Clock,
): Credential {
  const password = environment[auth.passwordEnv] ?? ''
  if (password === '') {
    throw failure(`expected the password of ${auth.user} in $${auth.passwordEnv}, came nothing`, {
      kind: 'unauthenticated',
      hint: 'set the environment variable that `auth.passwordEnv` of the target file names',
    })
  }
  const gate = createGate(1)
  let current: Ticket | null = null
  const valid = async (signal: AbortSignal): Promise<Ticket> => {
    const leave = await gate.enter(signal)
    try {
      const ageMs = current === null ? Infinity : clock.nowMs() - current.sinceMs
      if (current !== null && ageMs < renewAfterMs) return current
      const proof = current !== null && ageMs < validMs ? current.ticket : password
      current = null
      return (current = await logIn(auth.user, proof, exchange, clock, signal))
    } finally {
      leave()
    }
  }
  return { user: auth.user, headers: async (isGet, signal) => headersOf(await valid(signal), isGet) }
}

function headersOf({ ticket, csrf }: Ticket, isGet: boolean): Record<string, string> {
  const cookie = `PVEAuthCookie=${encodeURIComponent(ticket)}`
  return isGet ? { cookie } : { cookie, CSRFPreventionToken: csrf }
}

async function logIn(
  username: string,
  password: string,
  exchange: Exchange,
  clock: Clock,
  signal: AbortSignal,
): Promise<Ticket> {
  const sinceMs = clock.nowMs()
  const { data } = await exchange({ endpoint: createTicket, values: { username, password }, headers: {}, signal })
  const { ticket, CSRFPreventionToken, NeedTFA } = parseReply(createTicket.reply, 'POST /access/ticket', data)
  if (NeedTFA || ticket === undefined || CSRFPreventionToken === undefined || ticket.startsWith('PVE:!tfa!')) {
    throw failure(`the login of ${username} is only half a login: a second factor is wanted`, {
      kind: 'unauthenticated',
      hint: 'use an API token (tokenFile), or a user without a second factor',
    })
  }
  return { ticket, csrf: CSRFPreventionToken, sinceMs }
}
