import { knownEndpoints } from './known-endpoints.ts'
import { type Deviation, deviationsOf } from './deviations.ts'
import type { ApiSchema } from './schema/document.ts'
import { endpointOf } from './schema/endpoint.ts'
import type { Exchange } from './schema/exchange.ts'
import { type Judgement, judge } from './schema/judgement.ts'

/** What all exchanges come to. Counts are of exchanges. */
export interface Tally {
  /** Method and path template, and how often it was asked. */
  endpoints: ReadonlyMap<string, number>
  requests: { valid: number; wrongOnPurpose: number; invalid: string[] }
  replies: { valid: number; coerced: number; own: number; refusals: number; unchecked: number; unreadable: string[] }
  deviations: Deviation[]
  /** Whether the official schema was there to be held against. */
  hasSchema: boolean
}

/** Counts and checks all exchanges of a run. `wrong`: method and path of those that break the schema on purpose. */
export function tallyOf(schema: ApiSchema | null, exchanges: readonly Exchange[], wrong: ReadonlySet<string>): Tally {
  const judged = exchanges.map((exchange) => ({
    exchange,
    judgement: judge(schema ?? { defs: {}, endpoints: [] }, exchange),
  }))
  const isOnPurpose = ({ exchange }: Judged) =>
    wrong.has(`${exchange.method} ${exchange.path}`) && exchange.status !== 200
  const invalid = judged.filter(({ judgement }) => !judgement.isKnown || judgement.request.length > 0)
  const replied = judged.filter(({ exchange }) => exchange.status === 200)
  const told = replied.filter(({ judgement }) => judgement.reply !== null)
  const checked = replied.filter(({ judgement }) => judgement.reply === null).map(({ exchange }) => ownCheck(exchange))
  return {
    endpoints: countsOf(exchanges),
    requests: {
      valid: judged.length - invalid.length,
      wrongOnPurpose: invalid.filter(isOnPurpose).length,
      invalid: schema === null ? [] : invalid.filter((each) => !isOnPurpose(each)).map(describe),
    },
    replies: {
      valid: told.filter(({ judgement }) => judgement.reply?.length === 0).length,
      coerced: told.filter(({ judgement }) => judgement.reply?.length === 0 && judgement.isCoerced).length,
      own: checked.filter((verdict) => verdict === true).length,
      unchecked: checked.filter((verdict) => verdict === null).length,
      unreadable: checked.filter((verdict) => typeof verdict === 'string'),
      refusals: judged.length - replied.length,
    },
    deviations: deviationsOf(
      told.flatMap(({ judgement: { endpoint, reply } }) => (reply ?? []).map((mismatch) => ({ endpoint, mismatch }))),
    ),
    hasSchema: schema !== null,
  }
}

interface Judged {
  exchange: Exchange
  judgement: Judgement
}

/** What the driver's own reading says to a reply: true, what is wrong with it, or null where the driver never reads it. */
function ownCheck({ method, path, data }: Exchange): true | string | null {
  const name = `${method} ${endpointOf(path).template}`
  const read = knownEndpoints.get(name)?.reply.safeParse(data)
  if (read === undefined) return null
  return read.success || `${name}: ${read.error.issues[0]?.message ?? 'cannot be read'}`
}

function countsOf(exchanges: readonly Exchange[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { method, path } of exchanges) {
    const name = `${method} ${endpointOf(path).template}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

function describe({ exchange, judgement }: Judged): string {
  const [first] = judgement.request
  const what = first === undefined ? 'is not in the schema' : `${first.where} ${first.what}`
  return `${judgement.endpoint} (answered ${exchange.status}): ${what}`
}
