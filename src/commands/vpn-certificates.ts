import { generate } from 'selfsigned'
import type { VpnMaterial } from '../plan/provisioning/material.ts'

/** A certificate authority for one lab's tunnel, and what both ends show each other. The authority's key is thrown away. */
export async function makeVpnCertificates(): Promise<VpnMaterial> {
  const authority = await generate([{ name: 'commonName', value: 'firedrill VPN' }], {
    ...curve,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const signed = async (commonName: string, usage: { serverAuth?: true; clientAuth?: true }) => {
    const made = await generate([{ name: 'commonName', value: commonName }], {
      ...curve,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', ...usage },
      ],
    })
    return { certificate: made.cert, key: made.private }
  }
  const [client, server] = await Promise.all([
    signed('firewalls', { clientAuth: true }),
    signed('endpoint', { serverAuth: true }),
  ])
  return { ca: authority.cert, client, server }
}

const curve = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const
