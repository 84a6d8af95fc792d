import { z } from 'zod'
import { HarnessError, exitCodes, reasonOf } from '../../../../model/failure.ts'
import type { RefusalKind } from '../../../../ports/hypervisor.ts'
import { type Meaning, meaningOf, meaningOfStatus } from './refusal-texts.ts'

/** A refusal as it came over the wire. */
export interface Refusal {
  status: number
  reason: string
  body: string
}

const envelope = z.object({
  errors: z.record(z.string(), z.coerce.string()).nullish().catch(null),
  message: z.string().nullish().catch(null),
})

/** One error from one refusal: `errors` before `message` before the reason phrase, all on one line. */
export function refusalError(what: string, refusal: Refusal): HarnessError {
  const text = textOf(refusal)
  // Of the texts only those of 400 and 500 are the API's own words; the others have one meaning each.
  const known = refusal.status === 400 || refusal.status === 500 ? meaningOf(text) : undefined
  return failure(`${what} was refused with ${refusal.status}: ${text}`, known ?? meaningOfStatus(refusal.status))
}

/** A task that ended with an error, or an operation that ended in a state that was not asked for. */
export const operationError = (what: string, text: string, hint?: string): HarnessError =>
  failure(`${what}: ${oneLine(text)}`, { ...(hint === undefined ? {} : { hint }), ...meaningOf(text) })

/** A failure of this driver's own finding. */
export const failure = (message: string, meaning: Partial<Meaning> = {}, cause?: unknown): HarnessError =>
  new HarnessError(message, { exitCode: exitCodes.unavailable, ...meaning, cause })

/** True for an error of one of these kinds. */
export const isKind = (thrown: unknown, ...kinds: RefusalKind[]): thrown is HarnessError =>
  thrown instanceof HarnessError && kinds.some((kind) => kind === thrown.kind)

const connectionHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "renew the node's certificate (`pvecm updatecerts --force`), or pin it with `fingerprint`",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "use a host name in `url` that is in the node's certificate, or pin it with `fingerprint`",
  ECONNREFUSED: 'nothing listens there: is the url of the target right, is pveproxy running?',
  ENOTFOUND: 'the host name in the url of the target is not known here',
}
const generalHint =
  'is the url of the target right, is the API up, does its certificate match `fingerprint` or `caFile`?'

/** What went wrong below HTTP, as one line; `lost-reply` once the request was written. An error for people passes through. */
export function connectionError(what: string, thrown: unknown, wasWritten: boolean): HarnessError {
  if (thrown instanceof HarnessError) return thrown
  const message = `${what} got no reply: ${oneLine(reasonOf(thrown)) || codeOf(thrown) || 'connection failed'}`
  const hint = connectionHints[codeOf(thrown)] ?? generalHint
  return failure(message, { kind: wasWritten ? 'lost-reply' : 'unreachable', hint }, thrown)
}

/** The error code of a failed connection, such as ECONNREFUSED, or an empty string. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}

function textOf({ body, reason }: Refusal): string {
  const parsed = envelope.safeParse(jsonOrNull(body))
  const errors = Object.entries(parsed.data?.errors ?? {}).map(([name, text]) => `${name}: ${text}`)
  const texts = [errors.join(', '), parsed.data?.message ?? '', reason, plainText(body)].map(oneLine)
  return texts.find((text) => text !== '') ?? 'no reason given'
}

/** An early error comes as plain text; a page of HTML or a torn JSON document says nothing to people. */
const plainText = (body: string) => (/^\s*[<{[]/.test(body) ? '' : body)

const oneLine = (text: string) =>
  text
    .trim()
    .replaceAll(/\s*[\r\n]+\s*/g, '; ')
    .slice(0, 500)

function jsonOrNull(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
