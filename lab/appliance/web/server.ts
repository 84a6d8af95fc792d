import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { WebCertificate } from './certificate.ts'
import { emptyReply, type Site, type WebReply, type WebRequest } from './exchange.ts'

const mostBytes = 4 * 1024 * 1024

/** An HTTPS server of the site; the caller lets it listen. */
export function createWebServer(site: Site, { key, cert }: WebCertificate): Server {
  const server = createServer({ key, cert }, (incoming, outgoing) => void respond(site, incoming, outgoing))
  server.on('clientError', (_, socket) => socket.destroy())
  return server
}

/** The same without TLS, where the settings say so. */
export function createPlainServer(site: Site): Server {
  return createHttpServer((incoming, outgoing) => void respond(site, incoming, outgoing))
}

async function respond(site: Site, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.on('error', () => outgoing.destroy())
  try {
    const request = await readRequest(incoming)
    const reply = request === undefined ? emptyReply(413) : await site(request)
    send(reply, outgoing, incoming.method === 'HEAD')
  } catch {
    if (!outgoing.headersSent) send(emptyReply(500), outgoing, false)
    else outgoing.destroy()
  }
}

// Undefined for a body that nobody sends in earnest.
async function readRequest(incoming: IncomingMessage): Promise<WebRequest | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of incoming) {
    if (!(piece instanceof Uint8Array)) continue
    size += piece.length
    if (size <= mostBytes) pieces.push(piece)
  }
  if (size > mostBytes) return undefined
  const url = incoming.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  const body = Buffer.concat(pieces).toString()
  return { method: incoming.method ?? 'GET', url, path, query, headers: incoming.headers, body }
}

function send({ status, headers, body }: WebReply, outgoing: ServerResponse, isHead: boolean): void {
  const common = { 'cache-control': 'no-store, no-cache, must-revalidate', 'x-content-type-options': 'nosniff' }
  outgoing.writeHead(status, { ...common, ...headers })
  if (typeof body === 'string') return void outgoing.end(isHead ? '' : body)
  const stop = body((text) => outgoing.write(text))
  outgoing.on('close', stop)
}
