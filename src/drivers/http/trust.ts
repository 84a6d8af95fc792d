import { readFileSync } from 'node:fs'
import { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { HarnessError, exitCodes, reasonOf } from '../../model/failure.ts'

/** Which certificate is the right one, most specific first: the pinned SHA-256 fingerprint, the CA file, the system's own list. */
export interface Trust {
  fingerprint?: string | undefined
  caFile?: string | undefined
  /** What to do where the certificate, or the CA file, is not as expected. */
  hints: { fingerprint: string; caFile: string }
}

/** Opens TLS connections to servers that are trusted, and no others. */
export function connectorFor(trust: Trust, timeoutMs: number): buildConnector.connector {
  const common = { timeout: timeoutMs, allowH2: false }
  const { fingerprint, caFile, hints } = trust
  if (fingerprint !== undefined) return pinned(fingerprint, hints.fingerprint, common)
  return buildConnector(caFile === undefined ? common : { ...common, ca: caOf(caFile, hints.caFile) })
}

/** Hands a socket over only when the certificate at its other end is the pinned one, so no byte of a request reaches anybody else. */
function pinned(fingerprint: string, hint: string, common: buildConnector.BuildOptions): buildConnector.connector {
  // A resumed TLS session would show no certificate, hence no session cache.
  const connect = buildConnector({ ...common, rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined
      if (shown === fingerprint) return callback(null, socket)
      socket.destroy()
      return callback(otherCertificate(fingerprint, shown, hint), null)
    })
  }
}

const otherCertificate = (expected: string, shown: string | undefined, hint: string) =>
  new HarnessError(`expected the server's certificate to be ${expected}, came ${shown ?? 'none'}`, {
    exitCode: exitCodes.unavailable,
    hint,
  })

function caOf(path: string, hint: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError(`cannot read the CA file ${path}: ${reasonOf(cause)}`, {
      exitCode: exitCodes.unavailable,
      hint,
      cause,
    })
  }
}
