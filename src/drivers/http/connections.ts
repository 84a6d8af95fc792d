import { Agent, type Dispatcher } from 'undici'
import { type Trust, connectorFor } from './trust.ts'

const connectTimeoutMs = 10_000
const largestReply = 16 * 1024 * 1024
/** Shorter than what servers keep idle connections for (5 s), so that no request meets one that is closing. */
const idleMs = 3000

/** HTTP/1.1 connections to one server, a request at a time on each. `replyTimeoutMs` is the longest silence. */
export function openConnections(trust: Trust, limits: { connections: number; replyTimeoutMs: number }): Dispatcher {
  return new Agent({
    connect: connectorFor(trust, connectTimeoutMs),
    connections: limits.connections,
    pipelining: 1,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    headersTimeout: limits.replyTimeoutMs,
    bodyTimeout: limits.replyTimeoutMs,
    maxResponseSize: largestReply,
  })
}
