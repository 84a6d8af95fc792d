import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Cluster } from '../cluster.ts'
import { authenticate } from './auth.ts'
import { failure, parameterRefusal, success, type Reply } from './reply.ts'
import { notImplemented, readBody, readTarget, type RawParameters } from './request.ts'
import { findRoute, type Route } from './route.ts'

/** A Proxmox VE-compatible REST server on a loopback port. */
export type ApiServer = { url: string; close: () => Promise<void> }

/** Key and certificate in PEM. */
export type Certificate = { key: string; cert: string }

const idleMs = 5000

/** Starts the server; it answers when this resolves. */
export async function startApi(
  cluster: Cluster,
  routes: readonly Route[],
  certificate: Certificate,
): Promise<ApiServer> {
  const server = createServer(certificate, (request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    void serve(cluster, routes, request, response)
  })
  server.keepAliveTimeout = idleMs
  server.keepAliveTimeoutBuffer = 0
  server.on('clientError', (_error, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the REST server has no port')
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { url: `https://127.0.0.1:${address.port}`, close }
}

async function serve(
  cluster: Cluster,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { reply, isProtected } = await answer(cluster, routes, request)
  if (reply.delayMs) await sleep(reply.delayMs)
  if (!response.destroyed) write(request, response, reply, isProtected)
}

async function answer(
  cluster: Cluster,
  routes: readonly Route[],
  request: IncomingMessage,
): Promise<{ reply: Reply; isProtected: boolean }> {
  let isProtected = false
  try {
    const { method, path, query } = readTarget(request)
    const user = authenticate(request.headers.authorization, cluster.token)
    const body = await readBody(request)
    const found = findRoute(routes, method, path)
    if (!found) throw notImplemented(method, path)
    isProtected = found.route.isProtected
    const raw = merge(found.placeholders, { ...body, ...query })
    return { reply: success(await found.route.answer(cluster, user, raw)), isProtected }
  } catch (error) {
    return { reply: failure(error), isProtected }
  }
}

function merge(placeholders: Readonly<Record<string, string>>, given: RawParameters): RawParameters {
  for (const [name, value] of Object.entries(placeholders)) {
    if (given[name] === undefined || isSame(given[name], value)) continue
    throw parameterRefusal({ [name]: 'duplicate parameter (already defined in URI)' })
  }
  return { ...given, ...placeholders }
}

function isSame(given: unknown, value: string): boolean {
  return (typeof given === 'string' || typeof given === 'number') && String(given) === value
}

function write(request: IncomingMessage, response: ServerResponse, reply: Reply, isProtected: boolean): void {
  const text = Buffer.from(reply.body === undefined ? '' : JSON.stringify(reply.body))
  const isZipped = text.length > 1024 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const body = isZipped ? gzipSync(text) : text
  const headers = ['Cache-Control', 'max-age=0', 'Pragma', 'no-cache', 'Server', 'pve-api-daemon/3.0']
  const connection = reply.status >= 400 ? ['close'] : isProtected ? ['close', 'Keep-Alive'] : ['Keep-Alive']
  for (const value of connection) headers.push('Connection', value)
  if (isZipped) headers.push('Content-Encoding', 'gzip')
  headers.push('Content-Type', 'application/json;charset=UTF-8', 'Content-Length', String(body.length))
  response.writeHead(reply.status, printable(reply.reason), headers)
  response.end(body)
}

// A reason phrase is one line of visible Latin characters.
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, '?')
}
