import { X509Certificate, createPrivateKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeVpnCertificates } from './vpn-certificates.ts'

test('both ends of a tunnel are signed by its authority, and have the keys of their certificates', async () => {
  const { ca, client, server } = await makeVpnCertificates()
  const authority = new X509Certificate(ca)
  for (const end of [client, server]) {
    const certificate = new X509Certificate(end.certificate)
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect(certificate.checkIssued(authority)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(end.key))).toBe(true)
  }
  expect(authority.ca).toBe(true)
  expect(new X509Certificate(client.certificate).subject).not.toBe(new X509Certificate(server.certificate).subject)
})
