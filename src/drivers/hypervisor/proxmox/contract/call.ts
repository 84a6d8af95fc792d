import type { Readable } from 'node:stream'
import type { Dispatcher } from '../../../http/index.ts'
import { z } from 'zod'

/** What came back: `text` is all that a refusal says, several lines joined; `data` is undefined where the body has none. */
export interface Answer {
  status: number
  data: unknown
  text: string
}

type Value = string | number | readonly string[]

/** What a plain call leaves out. */
interface Oddities {
  /** The request breaks the schema on purpose. */
  isWrong?: boolean
  token?: string
  body?: string | Readable
}

/** One raw call, refusals and all, past everything that the driver does for its roles. */
export type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  parameters?: Readonly<Record<string, Value>>,
  oddities?: Oddities,
) => Promise<Answer>

const bodySchema = z.object({
  data: z.unknown(),
  message: z.string().nullish(),
  errors: z.record(z.string(), z.coerce.string()).nullish(),
})

/** What raw calls are made with. */
export interface Line {
  connection: Dispatcher
  url: string
  token: string
  /** Method and path of the calls that break the schema on purpose. */
  wrong: Set<string>
}

/** Raw calls over the driver's own kind of connection, until the signal aborts. */
export function caller({ connection, url, token, wrong }: Line, signal: AbortSignal): Call {
  const base = new URL(url)
  return async (method, path, parameters = {}, oddities = {}) => {
    if (oddities.isWrong === true) wrong.add(`${method} ${path}`)
    const inBody = method === 'POST' || method === 'PUT'
    const form = formOf(parameters)
    const query = inBody || form === '' ? '' : `?${form}`
    const response = await connection.request({
      origin: base.origin,
      path: `${base.pathname.replace(/\/+$/, '')}/api2/json${path}${query}`,
      method,
      headers: {
        authorization: `PVEAPIToken=${oddities.token ?? token}`,
        ...(inBody ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: oddities.body ?? (inBody ? form : null),
      signal,
      // A connection of its own: the server may close any other at any time, and nothing here is ever repeated.
      reset: true,
    })
    const { statusCode: status, statusText: reason } = response
    const text = await response.body.text()
    const body = bodySchema.safeParse(jsonOf(text)).data
    return { status, data: body?.data, text: textOf(reason, body, text) }
  }
}

function formOf(parameters: Readonly<Record<string, Value>>): string {
  const form = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) {
    for (const each of typeof value === 'object' ? value : [String(value)]) form.append(key, each)
  }
  return form.toString()
}

function textOf(reason: string, body: z.output<typeof bodySchema> | undefined, text: string): string {
  const errors = Object.entries(body?.errors ?? {}).map(([name, what]) => `${name}: ${what}`)
  const lines = [...errors, body?.message ?? '', reason, body === undefined ? text.slice(0, 200) : '']
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))]
    .join('; ')
    .replaceAll(/\s*\n\s*/g, '; ')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
