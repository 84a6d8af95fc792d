import type { Site, WebReply } from './exchange.ts'

/** What a client sends: JSON where `json` is there, a form where `form` is. */
export type Wish = {
  headers?: Record<string, string>
  key?: string
  json?: unknown
  form?: Record<string, string>
  cookie?: string
}

/** Asks a site as a client would. */
export async function ask(site: Site, method: string, url: string, wish: Wish = {}): Promise<WebReply> {
  const [path = '', query = ''] = url.split('?')
  const { key, json, form, cookie } = wish
  const headers = {
    host: '127.0.0.1:40001',
    ...(key !== undefined && { authorization: `Basic ${Buffer.from(key).toString('base64')}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(cookie !== undefined && { cookie }),
    ...wish.headers,
  }
  const body =
    json !== undefined ? JSON.stringify(json) : form !== undefined ? new URLSearchParams(form).toString() : ''
  return site({ method, url, path, query: new URLSearchParams(query), headers, body })
}

/** What a reply says in JSON. */
export function jsonOf({ body }: WebReply): unknown {
  return JSON.parse(typeof body === 'string' ? body : '')
}

/** The body as text. */
export function textOf({ body }: WebReply): string {
  return typeof body === 'string' ? body : ''
}

/** The session that a reply makes a browser keep. */
export function cookieOf({ headers }: WebReply): string {
  return String(headers['set-cookie'] ?? '').split(';')[0] ?? ''
}
