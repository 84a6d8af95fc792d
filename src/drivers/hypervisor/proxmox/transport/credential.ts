import type { Target } from '../../../../model/target.ts'
import type { Clock } from '../../../../ports/clock.ts'
import { ticketCredential } from './ticket.ts'
import { readToken } from './token.ts'
import type { Exchange } from './exchange.ts'

/** Who we are for the server: a token, or a login with its ticket. */
export interface Credential {
  /** As tasks name their owner: `USER@REALM` or `USER@REALM!TOKENID`. */
  user: string
  headers(isGet: boolean, signal: AbortSignal): Promise<Record<string, string>>
}

/** What the target names: a login with a password, or else an API token. */
export async function credentialOf(
  target: Target,
  environment: NodeJS.ProcessEnv,
  exchange: Exchange,
  clock: Clock,
): Promise<Credential> {
  if (target.auth !== undefined) return ticketCredential(target.auth, environment, exchange, clock)
  const token = await readToken(target, environment)
  const headers = { authorization: `PVEAPIToken=${token}` }
  return { user: token.split('=', 1)[0] ?? '', headers: async () => headers }
}
