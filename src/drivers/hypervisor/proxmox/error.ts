import { z } from 'zod'
import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'

/** A refusal as it came over the wire. */
export interface Refusal {
  status: number
  reason: string
  body: string
}

const envelope = z.object({
  errors: z.record(z.string(), z.coerce.string()).nullish(),
  message: z.string().nullish(),
})

const hints: Readonly<Record<number, string>> = {
  401: 'check the token: USER@REALM!ID=UUID, not expired, its user enabled',
  403: 'the token lacks this right; with privsep=1 it must be granted to the token itself',
  501: 'the server does not know this call; is it a Proxmox VE of version 8.4 or later?',
  595: 'the node is unreachable from the one asked; is the short node name right, is it up?',
  596: 'no answer within 30 s; the operation may still be executed',
}

/** One error from one refusal: `errors` before `message` before the reason phrase, all on one line. */
export function refusalError(what: string, refusal: Refusal): HarnessError {
  const hint = hints[refusal.status]
  return new HarnessError(`${what} was refused with ${refusal.status}: ${textOf(refusal)}`, {
    exitCode: exitCodes.unavailable,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What went wrong below HTTP, as one line. An error that is already one for people passes through. */
export function connectionError(what: string, thrown: unknown): HarnessError {
  if (thrown instanceof HarnessError) return thrown
  return new HarnessError(`${what} got no reply: ${reasonOf(thrown) || codeOf(thrown) || 'connection failed'}`, {
    exitCode: exitCodes.unavailable,
    hint: 'is the url of the target right, is the API up, does its certificate match `fingerprint` or `caFile`?',
    cause: thrown,
  })
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
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 500)

function jsonOrNull(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
