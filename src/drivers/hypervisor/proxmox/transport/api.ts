import type { z } from 'zod'
import type { Clock } from '../../../../ports/clock.ts'
import type { RequestInterval } from '../../../../ports/hypervisor.ts'
import type { Credential } from './credential.ts'
import { type Upload, type Values, valuesSchema } from './encoding.ts'
import type { Endpoint } from './endpoint.ts'
import { failure } from './error.ts'
import { type Exchange, nameOf } from './exchange.ts'
import { parseReply } from './reply.ts'

/** A reply's parsed `data`, and when its request was written and answered. */
export interface Reply<Data> extends RequestInterval {
  data: Data
}

/** The typed calls of one API. */
export interface Api {
  call<Parameters extends z.ZodObject, Data>(
    endpoint: Endpoint<Parameters, Data>,
    parameters: z.input<Parameters>,
    signal: AbortSignal,
    upload?: Upload,
  ): Promise<Reply<Data>>
  /** Who we are, as tasks name their owner. */
  user: string
  /** The server's time, estimated from its last reply, in seconds since 1970; null before the first. */
  serverNowS(): number | null
  clock: Clock
}

/** Parameters are checked before, and data after, the exchange. */
export function apiOver(exchange: Exchange, credential: Credential, clock: Clock): Api {
  let aheadS: number | null = null
  return {
    async call(endpoint, parameters, signal, upload) {
      const values = checked(endpoint, parameters)
      const headers = await credential.headers(endpoint.method === 'GET', signal)
      const message = { endpoint, values, headers, signal, ...(upload === undefined ? {} : { upload }) }
      const { data, sentMs, ackedMs, serverTimeS } = await exchange(message)
      if (serverTimeS !== null) aheadS = serverTimeS - ackedMs / 1000
      const kind = endpoint.method === 'GET' ? undefined : 'lost-reply'
      return { data: parseReply(endpoint.reply, nameOf(endpoint, values), data, kind), sentMs, ackedMs }
    },
    user: credential.user,
    serverNowS: () => (aheadS === null ? null : aheadS + clock.nowMs() / 1000),
    clock,
  }
}

function checked(endpoint: Endpoint, parameters: unknown): Values {
  const parsed = endpoint.parameters.safeParse(parameters)
  if (parsed.success) return valuesSchema.parse(parsed.data)
  const issue = parsed.error.issues[0]
  throw failure(`${endpoint.method} ${endpoint.path} was not sent: ${issue?.path.join('.')}: ${issue?.message}`, {
    kind: 'invalid-parameter',
  })
}
