import { once, type EventEmitter } from 'node:events'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createSocketServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Caller } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import { answer } from './answer.ts'
import type { Reply } from './reply.ts'
import type { Route } from './route.ts'

/** A Proxmox VE-compatible REST server on a loopback port. */
export type ApiServer = { url: string; close: () => Promise<void> }

/** Key and certificate in PEM. */
export type Certificate = { key: string; cert: string }

const idleMs = 5000
const requestsPerConnection = 100

/** Starts the server; it answers when this resolves. Plain HTTP on its port is sent to HTTPS. */
export async function startApi(
  cluster: Cluster,
  routes: readonly Route[],
  certificate: Certificate,
): Promise<ApiServer> {
  const served = new WeakMap<Socket, number>()
  const secure = createSecureServer(certificate, (request, response) => {
    const count = (served.get(request.socket) ?? 0) + 1
    served.set(request.socket, count)
    void serve(cluster, routes, request, response, { isLast: count >= requestsPerConnection })
  })
  secure.keepAliveTimeout = idleMs
  secure.keepAliveTimeoutBuffer = 0
  secure.on('clientError', (_error, socket) => socket.destroy())
  const plain = createPlainServer(redirect)
  const open = new Set<Socket>()
  const listener = createSocketServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    socket.once('data', (first: Buffer) => hand(socket, first, first[0] === handshake ? secure : plain))
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the REST server has no port')
  const close = async (): Promise<void> => {
    const closed = once(listener, 'close')
    listener.close()
    secure.closeAllConnections()
    for (const socket of open) socket.destroy()
    await closed
  }
  return { url: `https://127.0.0.1:${address.port}`, close }
}

/** Answers the requests of somebody who is known by the way he comes, on a Unix socket. */
export async function startTrustedApi(
  cluster: Cluster,
  routes: readonly Route[],
  { socketPath, caller }: { socketPath: string; caller: Caller },
): Promise<{ close: () => Promise<void> }> {
  const server = createPlainServer((request, response) => {
    void serve(cluster, routes, request, response, { isLast: true, trusted: caller })
  })
  server.listen(socketPath)
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { close }
}

// The first byte of TLS.
const handshake = 0x16

function hand(socket: Socket, first: Buffer, server: EventEmitter): void {
  socket.pause()
  socket.unshift(first)
  server.emit('connection', socket)
  process.nextTick(() => socket.resume())
}

async function serve(
  cluster: Cluster,
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
  { isLast, trusted }: { isLast: boolean; trusted?: Caller },
): Promise<void> {
  request.on('error', () => {})
  response.on('error', () => {})
  if (!trusted && cluster.faults.nodeState(cluster.localNode) !== 'up') {
    if (!(request.url ?? '').includes('/firedrill/')) return void request.socket.destroy()
  }
  const { reply, isProtected } = await answer(cluster, routes, request, trusted)
  if (!reply) return void request.socket.destroy()
  if (reply.delayMs) await sleep(reply.delayMs)
  if (!response.destroyed) write(request, response, reply, { isProtected, isLast })
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  { isProtected, isLast }: { isProtected: boolean; isLast: boolean },
): void {
  const text = Buffer.from(reply.text?.content ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)))
  const isZipped = text.length > 1024 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const body = isZipped ? gzipSync(text) : text
  const headers = ['Cache-Control', 'max-age=0', 'Pragma', 'no-cache', 'Server', 'pve-api-daemon/3.0']
  const isClosing = reply.status >= 400 || isLast
  const connection = isClosing ? ['close'] : isProtected ? ['close', 'Keep-Alive'] : ['Keep-Alive']
  for (const value of connection) headers.push('Connection', value)
  if (isZipped) headers.push('Content-Encoding', 'gzip')
  const type = reply.text?.contentType ?? 'application/json;charset=UTF-8'
  headers.push('Content-Type', type, 'Content-Length', String(body.length))
  response.writeHead(reply.status, printable(reply.reason), headers)
  response.end(body)
}

function redirect(request: IncomingMessage, response: ServerResponse): void {
  const location = `https://${request.headers.host ?? '127.0.0.1'}${request.url ?? '/'}`
  response.writeHead(request.method === 'GET' ? 301 : 308, { Location: location, Connection: 'close' })
  response.end()
}

// A reason phrase is one line of visible Latin characters.
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, '?')
}
