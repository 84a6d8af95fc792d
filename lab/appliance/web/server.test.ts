import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keys } from './accounts.fixture.ts'
import { fakeFirewall } from './fake-firewall.fixture.ts'
import { startWeb, type WebPlaces } from './start-web.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-web-'))
const at: WebPlaces = { certificate: join(folder, 'cert'), socket: join(folder, 'https.sock'), port: 0 }
let web: { stop: () => void }

beforeAll(async () => {
  web = await startWeb(fakeFirewall('opnsense', '25.7').firewall, { isStill: () => false }, at)
})

afterAll(() => {
  web.stop()
  rmSync(folder, { recursive: true })
})

const get = async (path: string): Promise<{ status: number | undefined; text: string }> => {
  const options = { socketPath: at.socket, rejectUnauthorized: false, auth: keys.all, path }
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      let text = ''
      incoming.on('data', (piece: Buffer) => (text += piece.toString()))
      incoming.on('end', () => resolve({ status: incoming.statusCode, text }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

it('the way out of band speaks TLS with the certificate that is kept, whose key is for root only', async () => {
  const socket = connect({ path: at.socket, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const kept = new X509Certificate(readFileSync(join(at.certificate, 'cert.pem')))
  expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(kept.fingerprint256)
  expect(kept.subject).toContain('CN=fw1.lab.internal')
  expect(kept.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(statSync(join(at.certificate, 'key.pem')).mode & 0o077).toBe(0)
  socket.destroy()
})

it('a second start has the same certificate', async () => {
  const before = readFileSync(join(at.certificate, 'cert.pem'), 'utf8')
  const again = await startWeb(
    fakeFirewall('opnsense', '25.7').firewall,
    { isStill: () => false },
    { ...at, socket: join(folder, 'other.sock') },
  )
  again.stop()
  expect(readFileSync(join(at.certificate, 'cert.pem'), 'utf8')).toBe(before)
})

it('calls are answered there, one after another and many at once', async () => {
  const path = '/api/diagnostics/interface/get_vip_status'
  const replies = await Promise.all(Array.from({ length: 20 }, () => get(path)))
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(replies[0]?.text).toContain('"status":"MASTER"')
  expect((await get('/api/x')).status).toBe(404)
})

it('the feed of the log lasts until the client hangs up', async () => {
  const options = { socketPath: at.socket, rejectUnauthorized: false, auth: keys.all }
  const outgoing = request({ ...options, path: '/api/diagnostics/log/core/system/live?offset=1' })
  outgoing.on('error', () => undefined)
  outgoing.end()
  const text = await new Promise<string>((resolve) => {
    outgoing.on('response', (incoming) => incoming.once('data', (piece: Buffer) => resolve(piece.toString())))
  })
  expect(text).toMatch(/^event: message\ndata:\{"timestamp"/)
  outgoing.destroy()
})
