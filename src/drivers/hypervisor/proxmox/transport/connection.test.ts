import { createServer } from 'node:https'
import { createServer as createPlainServer } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HarnessError } from '../../../../model/failure.ts'
import { targetSchema } from '../../../../model/target.ts'
import { connectProxmox } from '../proxmox.ts'

const clock = { nowMs: () => 0, sleep: async () => {} }
const { signal } = new AbortController()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
  await writeFile(join(folder, 'token'), 'root@pam!drill=01234567-89ab-cdef-0123-456789abcdef', { mode: 0o600 })
})
afterAll(async () => await rm(folder, { recursive: true }))

async function failureAt(port: number, more: object): Promise<HarnessError> {
  const base = { url: `https://127.0.0.1:${port}`, node: 'pve1', tokenFile: join(folder, 'token'), machines: {} }
  const target = targetSchema.parse({ ...base, ...more })
  const driver = await connectProxmox({ target, clock, lab: { name: 'one', machines: [] } })
  const failure: unknown = await driver.version(signal).catch((error: unknown) => error)
  await driver.close()
  if (!(failure instanceof HarnessError)) throw new Error(`expected a failure for people, came ${String(failure)}`)
  return failure
}

interface Server {
  listen(port: number, host: string, done: () => void): unknown
  address(): AddressInfo | string | null
  close(): unknown
}

async function withServer(server: Server, work: (port: number) => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await work(typeof address === 'object' && address !== null ? address.port : 0)
  } finally {
    server.close()
  }
}

const names = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }]

test('an expired certificate, and one of another host, are told apart from a wrong address', async () => {
  const past = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') }
  const expired = await generate([{ name: 'commonName', value: 'pve1' }], { ...past, extensions: names })
  const other = await generate([{ name: 'commonName', value: 'pve1' }])
  const seen: string[] = []
  for (const [pems, hint] of [
    [expired, 'renew'],
    [other, 'use a host name'],
  ] as const) {
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, pems.cert)
    const server = createServer({ key: pems.private, cert: pems.cert }, ({ url = '' }) => void seen.push(url))
    await withServer(server, async (port) => {
      const failure = await failureAt(port, { caFile })
      expect(failure).toMatchObject({ kind: 'unreachable', exitCode: 69 })
      expect(failure.hint).toContain(hint)
    })
  }
  expect(seen).toEqual([])
})

test('a port without TLS, and one where nothing listens, are one line each', async () => {
  let port = 0
  await withServer(createPlainServer(), async (at) => {
    port = at
    expect(await failureAt(at, {})).toMatchObject({ kind: 'unreachable', exitCode: 69 })
  })
  expect((await failureAt(port, {})).hint).toContain('nothing listens')
})

test('a CA file that is not there is told before anything is tried', async () => {
  await expect(failureAt(1, { caFile: '/nowhere/ca.pem' })).rejects.toThrow('cannot read the CA file /nowhere/ca.pem')
})
