import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import { codeOf, connectionError, refusalError } from './error.ts'
import { stampSend } from './send-stamp.ts'

type Parameters = Readonly<Record<string, string | number>>

interface Call {
  method: 'GET' | 'POST'
  /** Below /api2/json, percent-encoded. */
  path: string
  parameters?: Parameters
  signal: AbortSignal
}

/** The reply's `data`, unparsed, and when its request was written and answered on the given clock. */
interface Reply extends RequestInterval {
  data: unknown
}

export type Request = (call: Call) => Promise<Reply>

const attemptsOfGet = 3
const closedUnanswered = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const envelope = z.object({ data: z.unknown() })

/** Calls of one Proxmox VE API. A GET whose connection closes unanswered is repeated; nothing else ever is. */
export function requester(connection: Dispatcher, url: string, token: string, clock: Clock): Request {
  return async (call) => {
    const attempts = call.method === 'GET' ? attemptsOfGet : 1
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask(connection, url, token, clock, call)
      } catch (thrown) {
        call.signal.throwIfAborted()
        if (attempt >= attempts || !closedUnanswered.has(codeOf(thrown))) throw connectionError(nameOf(call), thrown)
      }
    }
  }
}

async function ask(connection: Dispatcher, url: string, token: string, clock: Clock, call: Call): Promise<Reply> {
  call.signal.throwIfAborted()
  let sentMs = clock.nowMs()
  const stamped = connection.compose(stampSend(() => (sentMs = clock.nowMs())))
  const { statusCode, statusText, body } = await stamped.request(requestOf(url, token, call))
  const ackedMs = clock.nowMs()
  const text = await body.text()
  if (statusCode !== 200) throw refusalError(nameOf(call), { status: statusCode, reason: statusText, body: text })
  return { data: dataOf(call, text), sentMs, ackedMs }
}

function requestOf(url: string, token: string, call: Call): Dispatcher.RequestOptions {
  const base = new URL(url)
  const form = formOf(call.parameters ?? {})
  const isGet = call.method === 'GET'
  return {
    origin: base.origin,
    path: `${base.pathname.replace(/\/+$/, '')}/api2/json${call.path}${isGet && form !== '' ? `?${form}` : ''}`,
    method: call.method,
    headers: {
      authorization: `PVEAPIToken=${token}`,
      ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: isGet ? null : form,
    signal: call.signal,
  }
}

function formOf(parameters: Parameters): string {
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) form.set(key, String(value))
  return form.toString()
}

/** `data` of a reply that says 200; anything but the envelope is somebody else's server or a torn reply, never a success. */
function dataOf(call: Call, text: string): unknown {
  const parsed = z.string().transform(parseJson).pipe(envelope).safeParse(text)
  if (parsed.success && 'data' in parsed.data) return parsed.data.data
  throw new HarnessError(`${nameOf(call)}: expected {"data": ...}, came ${excerptOf(text)}`, {
    exitCode: exitCodes.unavailable,
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

/** How errors name a call: never with its parameters. */
const nameOf = ({ method, path }: Pick<Call, 'method' | 'path'>): string => `${method} ${path}`
