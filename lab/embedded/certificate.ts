import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

/** Key and certificate in PEM, and the certificate's SHA-256 as Node prints it (`AB:CD:...`). */
export type Certificate = { key: string; cert: string; fingerprint: string }

/** A self-signed certificate for 127.0.0.1, localhost and the node's name. */
export async function createCertificate(node: string): Promise<Certificate> {
  const names = [
    { type: 7, ip: '127.0.0.1' },
    { type: 2, value: 'localhost' },
    { type: 2, value: node },
  ] as const
  const made = await generate([{ name: 'commonName', value: node }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names] },
    ],
  })
  return { key: made.private, cert: made.cert, fingerprint: new X509Certificate(made.cert).fingerprint256 }
}
