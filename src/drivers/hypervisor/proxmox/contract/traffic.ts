import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { z } from 'zod'
import type { Exchange } from './schema/exchange.ts'

/** Everything that this process says to the API, in order, whoever says it. */
export interface Traffic {
  exchanges: readonly Exchange[]
  stop(): void
}

interface Open {
  exchange: Exchange
  sent: Buffer[]
  received: Buffer[]
}

const requestSchema = z.object({ method: z.string(), path: z.string() })
const responseSchema = z.object({ statusCode: z.number() })
const prefix = '/api2/json'

/** Listens to undici itself, so that the driver is tested as it is, without a tap in it. */
export function listen(): Traffic {
  const open = new Map<unknown, Open>()
  const exchanges: Exchange[] = []
  const handlers: Record<string, (message: Message) => void> = {
    create: ({ request }) => {
      const begun = begin(request)
      if (begun === null) return
      open.set(request, begun)
      exchanges.push(begun.exchange)
    },
    bodyChunkSent: ({ request, chunk }) => void open.get(request)?.sent.push(bytesOf(chunk)),
    headers: ({ request, response }) => {
      const entry = open.get(request)
      if (entry !== undefined) entry.exchange.status = responseSchema.parse(response).statusCode
    },
    bodyChunkReceived: ({ request, chunk }) => void open.get(request)?.received.push(bytesOf(chunk)),
    trailers: ({ request }) => finish(open, request),
    error: ({ request }) => finish(open, request),
  }
  const listeners = Object.entries(handlers).map(([name, handle]) => {
    return { channel: `undici:request:${name}`, listener: (message: unknown) => handle(messageOf(message)) }
  })
  for (const { channel, listener } of listeners) subscribe(channel, listener)
  return { exchanges, stop: () => listeners.forEach(({ channel, listener }) => void unsubscribe(channel, listener)) }
}

interface Message {
  request?: unknown
  response?: unknown
  chunk?: unknown
}

const messageOf = (message: unknown): Message => (typeof message === 'object' && message !== null ? message : {})

function begin(request: unknown): Open | null {
  const parsed = requestSchema.safeParse(request)
  if (!parsed.success || !parsed.data.path.startsWith(prefix)) return null
  const [path = '', query = ''] = parsed.data.path.slice(prefix.length).split('?')
  const exchange = { method: parsed.data.method, path, parameters: formOf(query), status: 0, data: undefined }
  return { exchange, sent: [], received: [] }
}

function finish(open: Map<unknown, Open>, request: unknown): void {
  const entry = open.get(request)
  open.delete(request)
  if (entry === undefined) return
  const { exchange, sent, received } = entry
  exchange.parameters = { ...bodyOf(Buffer.concat(sent)), ...exchange.parameters }
  exchange.data = dataOf(Buffer.concat(received).toString('utf8'))
}

/** Query parameters override those of the body, as on the server. */
function bodyOf(body: Buffer): Record<string, unknown> {
  const text = body.toString('latin1')
  if (text.startsWith('--')) return multipart(text)
  if (text.startsWith('{'))
    return z
      .record(z.string(), z.unknown())
      .catch({})
      .parse(jsonOf(body.toString('utf8')))
  return formOf(body.toString('utf8'))
}

function formOf(text: string): Record<string, unknown> {
  const form = new URLSearchParams(text)
  return Object.fromEntries([...new Set(form.keys())].map((key) => [key, one(form.getAll(key))]))
}

const one = (values: string[]): unknown => (values.length === 1 ? values[0] : values)

/** The fields of a multipart form; of the file only its name. */
function multipart(text: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const part of text.matchAll(/name="([^"]+)"(?:; filename="([^"]+)")?[^\r]*\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)/g)) {
    const [, name = '', file, value] = part
    if (!(name in fields)) fields[name] = file ?? value
  }
  return fields
}

const dataOf = (text: string): unknown => z.object({ data: z.unknown() }).safeParse(jsonOf(text)).data?.data

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const bytesOf = (chunk: unknown): Buffer =>
  typeof chunk === 'string' ? Buffer.from(chunk) : chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0)
