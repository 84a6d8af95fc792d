import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startFakeApi } from '../fixture/api.ts'
import type { Answer, Client } from '../fixture/client.ts'
import { proxmoxRoutes } from './routes/all.ts'

let api: Awaited<ReturnType<typeof startFakeApi>>
let client: Client

beforeAll(async () => {
  api = await startFakeApi()
  client = api.client
})

afterAll(() => api.close())

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const connectionHeaders = ({ rawHeaders }: Answer): string[] =>
  rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'connection')

describe('refusals before any handler', () => {
  test('no credentials: 401 "No ticket", empty, after 3 s', async () => {
    const startedAt = performance.now()
    const answer = await client.send('GET', '/version', { headers: { authorization: undefined } })
    expect(answer).toMatchObject({ status: 401, reason: 'No ticket', text: '' })
    expect(performance.now() - startedAt).toBeGreaterThan(2900)
  })

  test('a wrong token: 401 "Authentication failed!", empty, after 3 s', async () => {
    const startedAt = performance.now()
    const other = api.token.endsWith('2') ? '3' : '2'
    const headers = { authorization: `PVEAPIToken=${api.token.slice(0, -1)}${other}` }
    expect(await client.send('GET', '/version', { headers })).toMatchObject({
      status: 401,
      reason: 'Authentication failed!',
      text: '',
    })
    expect(performance.now() - startedAt).toBeGreaterThan(2900)
  })

  test('a space may stand for the first "=" of the token header', async () => {
    expect(
      (await client.send('GET', '/version', { headers: { authorization: `PVEAPIToken ${api.token}` } })).status,
    ).toBe(200)
  })

  test.each([
    ['GET', '/nope', "Method 'GET /nope' not implemented"],
    ['PUT', '/version', "Method 'PUT /version' not implemented"],
    ['PATCH', '/version', "Method 'PATCH /version' not implemented"],
    ['GET', '/nodes/pve1/qemu/9101/status/start', "Method 'GET /nodes/pve1/qemu/9101/status/start' not implemented"],
  ])('%s %s is 501, never 404 or 405', async (method, path, reason) => {
    const answer = await client.send(method, path)
    expect(answer).toMatchObject({ status: 501, reason })
    expect(connectionHeaders(answer)).toEqual(['close'])
  })

  test.each([
    ['DELETE', '/version', { ...form, 'content-length': '3' }, 'a=1', 501, "Unexpected content for method 'DELETE'"],
    ['GET', '/version', { ...form, 'content-length': '3' }, 'a=1', 501, "Unexpected content for method 'GET'"],
    ['POST', '/nodes/pve1/qemu/9101/status/stop', { ...form, 'transfer-encoding': 'chunked' }, 'timeout=1', 501, ''],
    ['POST', '/nodes/pve1/qemu/9101/status/stop', { 'content-type': 'text/plain' }, 'timeout=1', 506, ''],
    ['POST', '/nodes/pve1/qemu/9101/status/stop', form, `a=${'x'.repeat(512 * 1024)}`, 501, 'for data too large'],
    ['POST', '/nodes/pve1/qemu/9101/status/stop', json, '{"timeout":', 500, ''],
  ])('%s %s with %o is refused', async (method, path, headers, body, status, reason) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const answer = await client.send(method, path, { headers: { ...length, ...headers }, body })
    expect(answer.status).toBe(status)
    expect(answer.reason).toContain(reason)
  })
})

describe('parameters', () => {
  const stop = '/nodes/pve1/qemu/9101/status/stop'

  test.each([
    [
      'an unknown one',
      `${stop}?nope=1`,
      { nope: 'property is not defined in schema and the schema does not allow additional properties' },
    ],
    [
      '"true" in a form',
      `${stop}?overrule-shutdown=true`,
      { 'overrule-shutdown': "type check ('boolean') failed - got 'true'" },
    ],
    ['text for a number', `${stop}?timeout=soon`, { timeout: "type check ('integer') failed - got 'soon'" }],
    ['a number below its limit', `${stop}?timeout=-1`, { timeout: 'value must have a minimum value of 0' }],
    [
      'a VMID of one digit',
      '/nodes/pve1/qemu/9/status/stop',
      { vmid: 'invalid format - value does not look like a valid VM ID\n' },
    ],
    ['an option for root@pam', `${stop}?skiplock=1`, { skiplock: 'Only root may use this option.' }],
    [
      'a placeholder repeated with another value',
      `${stop}?vmid=9102`,
      { vmid: 'duplicate parameter (already defined in URI) with conflicting values!' },
    ],
  ])('%s is a 400 that names it', async (_what, path, errors) => {
    const answer = await client.send('POST', path)
    expect(answer).toMatchObject({
      status: 400,
      reason: 'Parameter verification failed.',
      body: { data: null, errors, message: 'Parameter verification failed.\n' },
    })
    expect(connectionHeaders(answer)).toEqual(['close'])
  })

  test.each([
    ['a form', form, 'timeout=5&overrule-shutdown=1'],
    ['a form separated by ";"', form, 'timeout=5;overrule-shutdown=0'],
    ['JSON with real types', json, '{"timeout":5,"overrule-shutdown":true,"vmid":9101}'],
  ])('come as %s', async (_what, headers, body) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    expect((await client.send('POST', stop, { headers: { ...headers, ...length }, body })).status).toBe(200)
  })

  test('in the query win over those in the body', async () => {
    const headers = { ...form, 'content-length': '9' }
    expect((await client.send('POST', `${stop}?timeout=soon`, { headers, body: 'timeout=5' })).status).toBe(400)
  })
})

describe('answers', () => {
  test('hold the data in an envelope and keep the connection', async () => {
    const answer = await client.send('GET', '/version')
    expect(answer).toMatchObject({ status: 200, reason: 'OK', body: { data: { release: '9.1' } } })
    expect(connectionHeaders(answer)).toEqual(['Keep-Alive'])
    expect(answer.rawHeaders.map((header) => header.toLowerCase())).not.toContain('keep-alive: timeout=5')
  })

  test('of the privileged daemon carry two Connection headers', async () => {
    expect(connectionHeaders(await client.send('GET', '/nodes/pve1/qemu'))).toEqual(['close', 'Keep-Alive'])
  })

  test('for a VM or node that does not exist are a 500 whose text tells', async () => {
    const message = "Configuration file 'nodes/pve1/qemu-server/9999.conf' does not exist"
    const answer = await client.send('GET', '/nodes/pve1/qemu/9999/status/current')
    expect(answer).toMatchObject({ status: 500, reason: message, body: { data: null, message: `${message}\n` } })
    expect((await client.send('GET', '/nodes/pve9/qemu')).reason).toMatch(/^hostname lookup 'pve9' failed/)
  })

  test('over 1 KiB are compressed when the client accepts it', async () => {
    for (let round = 0; round < 8; round += 1) await client.post('/nodes/pve1/qemu/9101/status/stop')
    const path = '/nodes/pve1/tasks?source=all'
    const { host } = new URL(api.url)
    const answer = await fetchRaw(
      `GET /api2/json${path} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: gzip\r\nAuthorization: PVEAPIToken=${api.token}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer.toLowerCase()).toContain('content-encoding: gzip')
  })

  test('are followed by a silent close after 5 s without a request', async () => {
    const startedAt = performance.now()
    const { host } = new URL(api.url)
    const answer = await fetchRaw(
      `GET /api2/json/version HTTP/1.1\r\nHost: ${host}\r\nAuthorization: PVEAPIToken=${api.token}\r\n\r\n`,
    )
    const elapsedMs = performance.now() - startedAt
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(elapsedMs).toBeGreaterThan(4500)
    expect(elapsedMs).toBeLessThan(7500)
  })
})

describe('tasks', () => {
  const upidPattern = /^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qm(start|stop):9101:root@pam!firedrill:$/

  test('of start and stop end in OK, the list hides unfinished ones, the log ends in TASK OK', async () => {
    const upid = z
      .string()
      .regex(upidPattern)
      .parse(await client.post('/nodes/pve1/qemu/9101/status/start'))
    expect(await client.get('/nodes/pve1/tasks?source=active')).toContainEqual(
      expect.objectContaining({ upid, status: 'RUNNING' }),
    )
    expect(await client.finish(upid)).toBe('OK')
    expect(await client.get('/nodes/pve1/tasks?vmid=9101&typefilter=qmstart')).toEqual([
      expect.objectContaining({ upid, status: 'OK', id: '9101', type: 'qmstart' }),
    ])
    expect(await client.get(`/nodes/pve1/tasks/${encodeURIComponent(upid)}/log`)).toEqual([{ n: 1, t: 'TASK OK' }])
    const current = await client.get('/nodes/pve1/qemu/9101/status/current')
    expect(current).toMatchObject({ status: 'running', qmpstatus: 'running', pid: 4711, vmid: 9101 })
  })

  test('of stop end about a second after the effect', async () => {
    const startedAt = performance.now()
    const upid = await client.post('/nodes/pve1/qemu/9101/status/stop')
    expect(await client.get('/nodes/pve1/qemu/9101/status/current')).toMatchObject({ status: 'stopped' })
    expect(await client.finish(upid)).toBe('OK')
    expect(performance.now() - startedAt).toBeGreaterThan(900)
  })

  test('that fail carry the error as exit status and in the log', async () => {
    await client.finish(await client.post('/nodes/pve1/qemu/9101/status/start'))
    const upid = z.string().parse(await client.post('/nodes/pve1/qemu/9101/status/start'))
    expect(await client.finish(upid)).toBe('VM 9101 already running')
    expect(await client.get(`/nodes/pve1/tasks/${encodeURIComponent(upid)}/log`)).toEqual([
      { n: 1, t: 'TASK ERROR: VM 9101 already running' },
    ])
    expect(await client.get('/nodes/pve1/tasks?errors=1')).toHaveLength(1)
  })

  test('with a malformed UPID are a 400', async () => {
    expect((await client.send('GET', '/nodes/pve1/tasks/nonsense/status')).status).toBe(400)
  })
})

test('the NIC strings, tags and loose types are those of a real configuration', async () => {
  expect(await client.get('/nodes/pve1/qemu/9101/config')).toMatchObject({
    name: 'fake-9101',
    tags: 'firedrill',
    memory: '256',
    net0: 'virtio=BC:24:11:00:00:01,bridge=vnet101,firewall=0',
  })
  expect(await client.get('/cluster/sdn/vnets')).toMatchObject([
    { vnet: 'vnet101', tag: 101, type: 'vnet', zone: 'fdlab' },
  ])
  expect(await client.get('/cluster/sdn/zones?type=vlan')).toMatchObject([
    { zone: 'fdlab', type: 'vlan', bridge: 'vmbr0' },
  ])
  expect(await client.get('/cluster/resources?type=vm')).toMatchObject([{ id: 'qemu/9101', vmid: 9101, node: 'pve1' }])
  expect(await client.get('/nodes')).toMatchObject([{ node: 'pve1', status: 'online' }])
  expect(await client.get('/cluster/status')).toMatchObject([{ type: 'node', name: 'pve1', online: 1 }])
})

const schemaFile = join(import.meta.dirname, '../../../../shared/reference/pve-api-subset.json')
const official = z.object({
  endpoints: z.array(z.object({ method: z.string(), path: z.string(), parameters: z.record(z.string(), z.unknown()) })),
})

test.skipIf(!existsSync(schemaFile))('every endpoint has exactly the parameters of the official schema', () => {
  const { endpoints } = official.parse(JSON.parse(readFileSync(schemaFile, 'utf8')))
  for (const { method, path, parameterNames } of proxmoxRoutes) {
    const found = endpoints.find((endpoint) => endpoint.method === method && endpoint.path === path)
    const names = new Set(parameterNames.map((name) => family(name)))
    expect(Object.keys(found?.parameters ?? {}).toSorted(), `${method} ${path}`).toEqual([...names].toSorted())
  }
})

// `net0`, `net1`, ... are one family, as the schema writes them.
function family(name: string): string {
  const families = /^(hostpci|ide|ipconfig|net|numa|parallel|sata|scsi|serial|unused|usb|virtio|virtiofs)\d+$/
  return families.test(name) ? name.replace(/\d+$/, '[n]') : name
}

async function fetchRaw(request: string): Promise<string> {
  const { hostname, port } = new URL(api.url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  socket.write(request)
  await once(socket, 'end')
  socket.destroy()
  return text
}
