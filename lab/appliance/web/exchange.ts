import type { IncomingHttpHeaders } from 'node:http'

/** A request as the sites of the firewall see it, its body read. */
export type WebRequest = {
  method: string
  /** As sent, with its query string. */
  url: string
  /** The part before the `?`, as sent. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

/** What goes back: a text, or a feed that lasts until the client hangs up. */
export type WebReply = { status: number; headers: Record<string, string | string[]>; body: string | Feed }

/** Writes as long as there is something to say; what it returns is called when the client is gone. */
type Feed = (write: (text: string) => void) => () => void

/** One side of a site: everything it says. */
export type Site = (request: WebRequest) => WebReply | Promise<WebReply>

/** What JSON can say; members that are undefined are left out. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json | undefined }

/** An answer in JSON, with the type that both products send. */
export function jsonReply(content: Json, status = 200, type = 'application/json; charset=UTF-8'): WebReply {
  return { status, headers: { 'content-type': type }, body: JSON.stringify(content) }
}

/** A page. */
export function htmlReply(body: string, status = 200): WebReply {
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body }
}

/** An answer of which only the status counts. */
export function emptyReply(status: number): WebReply {
  return { status, headers: {}, body: '' }
}

/** Sends the browser elsewhere. */
export function redirect(location: string): WebReply {
  return { status: 302, headers: { location }, body: '' }
}

/** Text that may stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The value of a cookie. */
export function cookieOf({ headers }: WebRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(/;\s*/).map((pair) => pair.split('='))
  return pairs.find(([key]) => key === name)?.[1]
}

/** User and password of an `Authorization: Basic` header. */
export function basicCredentials({ headers }: WebRequest): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [, user = '', password = ''] = /^([^:]*):([^]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return user === '' ? undefined : { user, password }
}
