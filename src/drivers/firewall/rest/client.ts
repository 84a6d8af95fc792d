import type { z } from 'zod'
import type { Clock } from '../../../ports/clock.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import { type Dispatcher, openConnections, stampSend } from '../../http/index.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import { type NamedCall, describeText, notUnderstood, slow, statusError, unreachable } from './reply-error.ts'
import { refusal } from '../refusal.ts'

/** How a firewall's API is reached. */
export interface RestAccess {
  url: string
  fingerprint?: string | undefined
  credentialsFile?: string | undefined
}

/** One call of an API: what it sends, what its answer must look like, and what to say where it is refused. */
export interface RestCall<Answer> {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  /** Sent as JSON; `{}` where a POST has neither, because both products refuse an empty body that claims to be JSON. */
  body?: unknown
  /** Sent as a form instead: OPNsense 24.7.0 reads no JSON of callers with a key. */
  form?: Readonly<Record<string, string | number>>
  answer: z.ZodType<Answer>
  privilege: string
  /** 5 s where absent. */
  limitMs?: number
}

interface RestReply<Answer> extends RequestInterval {
  answer: Answer
}

/** The APIs of a lab's firewalls of one product. */
export interface RestClient {
  call<Answer>(node: string, call: RestCall<Answer>, signal: AbortSignal): Promise<RestReply<Answer>>
  close(): Promise<void>
}

/** What a client needs to know of its product, and of the world. */
export interface RestSettings {
  product: NamedCall['product']
  access: Readonly<Record<string, RestAccess>>
  /** The value of the Authorization header; null where the file lacks what the product takes. */
  authorization(credentials: Credentials): string | null
  /** For nodes whose fingerprint is not in the target file. */
  learnFingerprint(node: string, signal: AbortSignal): Promise<string>
  clock: Clock
}

const usualLimitMs = 5000
/** Above every limit of a call, which are all shorter than two minutes. */
const replyTimeoutMs = 120_000

/** A client that talks to a node only once its certificate is the one that is pinned; nothing is ever sent to another. */
export function restClient(settings: RestSettings): RestClient {
  const lines = new Map<string, Promise<Line>>()
  const lineTo = (node: string, signal: AbortSignal): Promise<Line> => {
    const held = lines.get(node)
    if (held !== undefined) return held
    const opening = openLine(settings, node, signal)
    lines.set(node, opening)
    opening.catch(() => lines.delete(node))
    return opening
  }
  return {
    call: async (node, call, signal) => {
      const line = await lineTo(node, signal)
      const limitMs = call.limitMs ?? usualLimitMs
      const limit = AbortSignal.timeout(limitMs)
      const named = { node, call: `${call.method} ${call.path}`, product: settings.product, privilege: call.privilege }
      try {
        return await exchange(line, named, call, settings.clock, AbortSignal.any([signal, limit]))
      } catch (thrown) {
        signal.throwIfAborted()
        if (limit.aborted) throw slow(named, limitMs, call.method !== 'GET')
        throw unreachable(named, line.url.origin, thrown)
      }
    },
    close: async () => {
      const opened = await Promise.allSettled(lines.values())
      lines.clear()
      for (const line of opened) if (line.status === 'fulfilled') await line.value.dispatcher.destroy()
    },
  }
}

interface Line {
  dispatcher: Dispatcher
  url: URL
  authorization: string
}

async function openLine(settings: RestSettings, node: string, signal: AbortSignal): Promise<Line> {
  const access = settings.access[node]
  if (access === undefined) throw without(node, 'its API', `add machines.${node}.api.url`)
  const { url, credentialsFile } = access
  if (credentialsFile === undefined)
    throw without(node, 'credentials for its API', `add machines.${node}.api.credentialsFile`)
  const authorization = settings.authorization(await readCredentials(credentialsFile))
  if (authorization === null) {
    const lines = settings.product === 'OPNsense' ? 'key= and secret=' : 'user= and password='
    throw refusal('unauthenticated', `expected ${lines} in ${credentialsFile} for ${node} (${settings.product})`)
  }
  const fingerprint = access.fingerprint ?? (await settings.learnFingerprint(node, signal))
  const hint = `if the certificate was renewed, put its SHA-256 fingerprint into machines.${node}.api.fingerprint`
  const trust = { fingerprint, hints: { fingerprint: hint, caFile: '' } }
  return { dispatcher: openConnections(trust, { connections: 2, replyTimeoutMs }), url: new URL(url), authorization }
}

const without = (node: string, what: string, todo: string) =>
  refusal('no-such-role', `expected ${what} in the target file for ${node}, came none`, { hint: `${todo}, or use SSH` })

async function exchange<Answer>(
  { dispatcher, url, authorization }: Line,
  named: NamedCall,
  call: RestCall<Answer>,
  clock: Clock,
  signal: AbortSignal,
): Promise<RestReply<Answer>> {
  const sent: { atMs: number | null } = { atMs: null }
  const { method, path, answer } = call
  const { headers, ...content } = contentOf(call)
  const reply = await dispatcher.compose(stampSend(() => (sent.atMs = clock.nowMs()))).request({
    origin: url.origin,
    path: `${url.pathname.replace(/\/+$/, '')}${path}`,
    method,
    headers: { authorization, accept: 'application/json', ...headers },
    ...content,
    signal,
  })
  const ackedMs = clock.nowMs()
  const text = await reply.body.text()
  if (reply.statusCode !== 200) throw statusError(named, reply.statusCode, text)
  return { answer: parseAnswer(named, answer, text), sentMs: sent.atMs ?? ackedMs, ackedMs }
}

function contentOf({ method, body, form }: RestCall<unknown>): { headers: Record<string, string>; body?: string } {
  if (method === 'GET') return { headers: {} }
  if (form === undefined) return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }
  const type = 'application/x-www-form-urlencoded'
  return { headers: { 'content-type': type }, body: formText(form) }
}

function formText(form: Readonly<Record<string, string | number>>): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(form)) text.set(name, String(value))
  return text.toString()
}

/** An answer that is not JSON, or not of the call's shape, is an error: never half understood. */
export function parseAnswer<Answer>(named: NamedCall, schema: z.ZodType<Answer>, text: string): Answer {
  const json = parseJson(text)
  if (json === undefined) throw notUnderstood(named, 'JSON', describeText(text))
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.')
  throw notUnderstood(named, `an answer like its documentation says`, `${where}: ${issue?.message ?? 'something else'}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
