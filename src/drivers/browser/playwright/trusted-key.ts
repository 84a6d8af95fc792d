import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import { HarnessError, exitCodes } from '../../../model/failure.ts'

const connectTimeoutMs = 5000

/**
 * The public key behind a server's pinned certificate, as Chromium wants it: SHA-256 of its SPKI in base64. Nothing but a handshake
 * is sent. Exit 69 where the certificate is another one.
 */
export async function trustedKey(node: string, url: string, fingerprint: string, signal: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(url)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)])
  const socket = connect({ host: hostname, port: port === '' ? 443 : Number(port), rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: limited })
    const certificate = socket.getPeerX509Certificate()
    if (certificate?.fingerprint256 !== fingerprint)
      throw otherCertificate(node, fingerprint, certificate?.fingerprint256)
    const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
    return createHash('sha256').update(key).digest('base64')
  } finally {
    socket.destroy()
  }
}

const otherCertificate = (node: string, expected: string, shown: string | undefined) =>
  new HarnessError(`expected the certificate of ${node}'s WebGUI to be ${expected}, came ${shown ?? 'none'}`, {
    exitCode: exitCodes.unavailable,
    kind: 'other-certificate',
    hint: `if the certificate was renewed, put its SHA-256 fingerprint into machines.${node}.api.fingerprint`,
  })
