import { readFileSync } from 'node:fs'
import { TLSSocket } from 'node:tls'
import { Agent, type Dispatcher, buildConnector } from 'undici'
import { HarnessError, exitCodes, reasonOf } from '../../../../model/failure.ts'
import type { Target } from '../../../../model/target.ts'

const connectTimeoutMs = 10_000
/** The next hop inside the cluster gives up after 30 s; its 596 should reach us before our own limit. */
const replyTimeoutMs = 35_000
const largestReply = 16 * 1024 * 1024

/** HTTP/1.1 connections to the target: at most 4, one request at a time on each, none kept idle for longer than the server does (5 s). */
export function connectTo(target: Target): Dispatcher {
  return new Agent({
    connect: connectorFor(target),
    connections: 4,
    pipelining: 1,
    keepAliveTimeout: 3000,
    keepAliveMaxTimeout: 3000,
    headersTimeout: replyTimeoutMs,
    bodyTimeout: replyTimeoutMs,
    maxResponseSize: largestReply,
  })
}

/** Trust, most specific first: the pinned fingerprint, the CA file, the system's own list. */
function connectorFor(target: Target): buildConnector.connector {
  const common = { timeout: connectTimeoutMs, allowH2: false }
  if (target.fingerprint !== undefined) return pinned(target.fingerprint, common)
  return buildConnector(target.caFile === undefined ? common : { ...common, ca: caOf(target.caFile) })
}

/** Hands a socket over only when the certificate at its other end is the pinned one, so no byte of a request reaches anybody else. */
function pinned(fingerprint: string, common: buildConnector.BuildOptions): buildConnector.connector {
  // A resumed TLS session would show no certificate, hence no session cache.
  const connect = buildConnector({ ...common, rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined
      if (shown === fingerprint) return callback(null, socket)
      socket.destroy()
      return callback(otherCertificate(fingerprint, shown), null)
    })
  }
}

const otherCertificate = (expected: string, shown: string | undefined) =>
  new HarnessError(`expected the server's certificate to be ${expected}, came ${shown ?? 'none'}`, {
    exitCode: exitCodes.unavailable,
    hint: 'if the certificate was renewed, copy its SHA-256 fingerprint from the node (`pvenode cert info`) into the target file',
  })

function caOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError(`cannot read the CA file ${path}: ${reasonOf(cause)}`, {
      exitCode: exitCodes.unavailable,
      hint: 'copy /etc/pve/pve-root-ca.pem from a node of the cluster, or use a fingerprint',
      cause,
    })
  }
}
