import { z } from 'zod'
import type { Clock } from '../../../../ports/clock.ts'
import type { RequestInterval } from '../../../../ports/hypervisor.ts'
import { type Dispatcher, stampSend } from '../../../http/index.ts'
import { type Upload, type Values, encodeForm, encodeJson, encodeUpload, fillPath } from './encoding.ts'
import type { Endpoint } from './endpoint.ts'
import { codeOf, connectionError, failure, refusalError } from './error.ts'
import { createGate } from './gate.ts'

interface Message {
  endpoint: Endpoint
  values: Values
  headers: Record<string, string>
  upload?: Upload
  signal: AbortSignal
}

/** `data` of a reply, unparsed, when its request was written and answered on the harness's clock, and the server's own time. */
interface RawReply extends RequestInterval {
  data: unknown
  /** Seconds since 1970, null where the server does not say. */
  serverTimeS: number | null
}

export type Exchange = (message: Message) => Promise<RawReply>

/** A worker of the server blocks while it works: more requests at once would stall each other. */
const mostInFlight = 4
const attemptsOfGet = 3
const closedUnanswered = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const envelope = z.object({ data: z.unknown() })

/** Requests and replies of one API. A GET whose connection closes unanswered is repeated; nothing else ever is. */
export function exchangeOver(connection: Dispatcher, url: string, clock: Clock): Exchange {
  const gate = createGate(mostInFlight)
  return async (message) => {
    const { method, isRepeatable } = message.endpoint
    const attempts = method === 'GET' && isRepeatable !== false ? attemptsOfGet : 1
    const leave = await gate.enter(message.signal)
    try {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await ask(connection, url, clock, message)
        if ('data' in outcome) return outcome
        if (attempt >= attempts || !closedUnanswered.has(codeOf(outcome.thrown))) throw errorOf(message, outcome)
      }
    } finally {
      leave()
    }
  }
}

/** How errors name a call: never with its parameters. */
export const nameOf = ({ method, path }: Pick<Endpoint, 'method' | 'path'>, values: Values): string =>
  `${method} ${fillPath(path, values).path}`

interface Broken {
  thrown: unknown
  wasWritten: boolean
}

function errorOf(message: Message, { thrown, wasWritten }: Broken) {
  message.signal.throwIfAborted()
  return connectionError(nameOf(message.endpoint, message.values), thrown, wasWritten)
}

async function ask(connection: Dispatcher, url: string, clock: Clock, message: Message): Promise<RawReply | Broken> {
  message.signal.throwIfAborted()
  const sent: { atMs: number | null } = { atMs: null }
  const stamped = connection.compose(stampSend(() => (sent.atMs = clock.nowMs())))
  try {
    const { statusCode, statusText, headers, body } = await stamped.request(requestOf(url, message))
    const ackedMs = clock.nowMs()
    const text = await body.text()
    const what = nameOf(message.endpoint, message.values)
    if (statusCode !== 200) throw refusalError(what, { status: statusCode, reason: statusText, body: text })
    return { data: dataOf(what, text), sentMs: sent.atMs ?? ackedMs, ackedMs, serverTimeS: serverTime(headers['date']) }
  } catch (thrown) {
    return { thrown, wasWritten: sent.atMs !== null }
  }
}

function requestOf(url: string, { endpoint, values, headers, upload, signal }: Message): Dispatcher.RequestOptions {
  const base = new URL(url)
  const { path, rest } = fillPath(`${base.pathname.replace(/\/+$/, '')}/api2/json${endpoint.path}`, values)
  const { method } = endpoint
  if (method === 'GET' || method === 'DELETE') {
    const query = encodeForm(rest)
    return { origin: base.origin, path: query === '' ? path : `${path}?${query}`, method, headers, signal }
  }
  if (upload !== undefined)
    return { origin: base.origin, path, method, headers, body: encodeUpload(rest, upload), signal }
  const isJson = endpoint.body === 'json'
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded'
  const body = isJson ? encodeJson(rest) : encodeForm(rest)
  return { origin: base.origin, path, method, headers: { ...headers, 'content-type': type }, body, signal }
}

/** `data` of a reply that says 200. Anything but the envelope is a torn reply or somebody else's server, never a success. */
function dataOf(what: string, text: string): unknown {
  const parsed = z.string().transform(parseJson).pipe(envelope).safeParse(text)
  if (parsed.success && 'data' in parsed.data) return parsed.data.data
  throw failure(`${what}: expected {"data": ...}, came ${excerptOf(text)}`, {
    kind: 'lost-reply',
    hint: 'is the url of the target that of a Proxmox VE API, without a proxy in between?',
  })
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('expected JSON')
    return z.NEVER
  }
}

const excerptOf = (text: string) => (text === '' ? 'an empty reply' : JSON.stringify(text.slice(0, 80)))

function serverTime(date: string | string[] | undefined): number | null {
  const ms = Date.parse(String(date))
  return Number.isNaN(ms) ? null : ms / 1000
}
