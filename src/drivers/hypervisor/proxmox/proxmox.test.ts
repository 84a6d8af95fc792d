import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Server, createServer } from 'node:https'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import { type Target, targetSchema } from '../../../model/target.ts'
import type { Clock } from '../../../ports/clock.ts'
import { type ProxmoxVe, connectProxmox } from './proxmox.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

const token = 'root@pam!drill=01234567-89ab-cdef-0123-456789abcdef'
const upid = 'UPID:pve1:00001234:000ABCDE:66AABBCC:qmstop:9102:root@pam!drill:'
const ours = { vmid: '9102', name: 'one-fw1', status: 'running', tags: 'other;firedrill', maxmem: null }
const signal = new AbortController().signal

let nowMs = 0
const clock: Clock = {
  nowMs: () => (nowMs += 1),
  sleep: async (ms) => {
    nowMs += ms
  },
}

let folder: string
let server: Server
let target: Target
let hypervisor: ProxmoxVe
let answer: Answer
const seen: {
  method: string
  url: string
  body: string
  length: string | undefined
  authorization: string | undefined
}[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
  await writeFile(join(folder, 'token'), `${token}\n`, { mode: 0o600 })
  const pems = await generate([{ name: 'commonName', value: 'pve1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  await writeFile(join(folder, 'ca.pem'), pems.cert)
  server = createServer({ key: pems.private, cert: pems.cert }, listen)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  target = targetSchema.parse({
    url: `https://127.0.0.1:${port}`,
    fingerprint: new X509Certificate(pems.cert).fingerprint256,
    node: 'pve1',
    tokenFile: join(folder, 'token'),
    machines: {},
  })
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  nowMs = 0
  seen.length = 0
  hypervisor = await connect(target)
})

afterEach(async () => await hypervisor.close())

const connect = async (given: Target) =>
  await connectProxmox({ target: given, lab: { name: 'one', machines: ['fw1', 'fw2'] }, clock })

function listen(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    seen.push({ method, url, body, length: headers['content-length'], authorization: headers.authorization })
    answer(request, response, body)
  })
}

/** Answers each path (below /api2/json) with data; a list gives one after the other, its last for ever. */
function serve(replies: Record<string, unknown[]>): void {
  answer = (request, response) => {
    const path = (request.url ?? '').replace('/api2/json', '')
    const left = replies[path]
    if (left === undefined) return refuse(response, 501, `Method '${request.method} ${path}' not implemented`)
    const data = left.length > 1 ? left.shift() : left[0]
    response.setHeader('content-type', 'application/json')
    return void response.end(JSON.stringify({ data }))
  }
}

function refuse(response: ServerResponse, status: number, reason: string, body = ''): void {
  response.writeHead(status, reason, { connection: 'close' })
  response.end(body)
}

const base = { '/nodes/pve1/qemu': [[ours, { vmid: 100, name: 'one-fw2' }]] }
const taskPath = `/nodes/pve1/tasks/${encodeURIComponent(upid)}/status`
const stopPath = '/nodes/pve1/qemu/9102/status/stop'

async function failureOf(promise: Promise<unknown>): Promise<HarnessError> {
  const thrown: unknown = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (!(thrown instanceof HarnessError)) throw thrown
  expect(`${thrown.message} ${thrown.hint} ${String(thrown.stack)}`).not.toContain('01234567-89ab')
  expect(thrown.message).not.toContain('\n')
  expect(thrown.exitCode).toBe(69)
  return thrown
}

test('it tells product and version, and sends the token as Proxmox VE wants it', async () => {
  serve({ '/version': [{ version: '9.1.9', release: '9.1', repoid: null }] })
  expect(await hypervisor.version(signal)).toBe('Proxmox VE 9.1.9')
  expect(seen[0]?.authorization).toBe(`PVEAPIToken=${token}`)
})

test('a stop is one POST with an exact empty body, timed by request and reply, and ends with its task', async () => {
  const running = { status: 'running', exitstatus: null }
  serve({ ...base, [stopPath]: [upid], [taskPath]: [running, running, { status: 'stopped', exitstatus: 'OK' }] })
  const { sentMs, ackedMs } = await hypervisor.stop('fw1', signal)
  expect(seen.map(({ method, length }) => [method, length])).toEqual([
    ['GET', undefined],
    ['POST', '0'],
    ['GET', undefined],
    ['GET', undefined],
    ['GET', undefined],
  ])
  expect(ackedMs).toBeGreaterThan(sentMs)
  expect(nowMs).toBeGreaterThan(ackedMs + 750)
})

test.each(['OK', 'WARNINGS: 2'])('a task that ends with %s is a success', async (exitstatus) => {
  serve({ ...base, [stopPath]: [upid], [taskPath]: [{ status: 'stopped', exitstatus }] })
  await expect(hypervisor.stop('fw1', signal)).resolves.toBeDefined()
})

test.each([
  [{ status: 'stopped', exitstatus: 'VM quit/powerdown failed' }, 'VM quit/powerdown failed'],
  [{ status: 'stopped', exitstatus: 'unexpected status' }, 'unexpected status'],
  [{ status: 'stopped' }, 'it ended without a verdict'],
  [{ status: 'running' }, 'its task had not ended after 180 s'],
  [{ status: 'WARNINGS: 1' }, 'unexpected reply'],
])('a task that ends with %j is a failure', async (state, text) => {
  serve({ ...base, [stopPath]: [upid], [taskPath]: [state] })
  expect((await failureOf(hypervisor.stop('fw1', signal))).message).toContain(text)
})

test('a verdict that is published late is waited for', async () => {
  const late = { status: 'stopped', exitstatus: 'unexpected status' }
  serve({ ...base, [stopPath]: [upid], [taskPath]: [late, { status: 'stopped', exitstatus: 'OK' }] })
  await expect(hypervisor.stop('fw1', signal)).resolves.toBeDefined()
})

test('starting a machine that runs already is no error', async () => {
  const path = '/nodes/pve1/qemu/9102/status/start'
  serve({ ...base, [path]: [upid], [taskPath]: [{ status: 'stopped', exitstatus: 'VM 9102 already running' }] })
  expect((await hypervisor.start('fw1', signal)).ackedMs).toBeGreaterThan(0)
})

test.each([
  [[], 'expected a VM named one-fw1 on node pve1, came none'],
  [[{ ...ours, tags: null }], 'VM 9102 (one-fw1) is not tagged firedrill and is left alone'],
  [[{ ...ours, tags: 'firedrills' }], 'VM 9102 (one-fw1) is not tagged firedrill and is left alone'],
  [[ours, { ...ours, vmid: 9103 }], 'expected one VM named one-fw1 on node pve1, came 2'],
])('with VMs %j nothing is stopped', async (vms, message) => {
  serve({ '/nodes/pve1/qemu': [vms], '/cluster/resources?type=vm': [[]] })
  expect((await failureOf(hypervisor.stop('fw1', signal))).message).toBe(message)
  expect(seen.every(({ method }) => method === 'GET')).toBe(true)
})

test('a machine that is not of this lab is refused before the first call', async () => {
  expect((await failureOf(hypervisor.stop('fw9', signal))).message).toContain('expected a machine of lab one, came fw9')
  expect(seen).toEqual([])
})

test('a server with another certificate sees no request', async () => {
  const other = await connect({ ...target, fingerprint: Array.from({ length: 32 }, () => '00').join(':') })
  expect((await failureOf(other.version(signal))).message).toMatch(
    /^expected the server's certificate to be 00:00.*, came [0-9A-F]{2}:/,
  )
  expect(seen).toEqual([])
  await other.close()
})

test('a certificate that neither the system nor a pin trusts is refused; its CA file makes it trusted', async () => {
  const { fingerprint: _, ...unpinned } = target
  const distrusting = await connect(unpinned)
  expect((await failureOf(distrusting.version(signal))).message).toContain('got no reply')
  expect(seen).toEqual([])
  serve({ '/version': [{ version: '8.4.1' }] })
  const trusting = await connect({ ...unpinned, caFile: join(folder, 'ca.pem') })
  expect(await trusting.version(signal)).toBe('Proxmox VE 8.4.1')
  await Promise.all([distrusting.close(), trusting.close()])
})

test.each([
  [596, '', '', 'GET /version was refused with 596: no reason given'],
  [
    403,
    'Permission check failed (/vms/100, VM.PowerMgmt)',
    '{"data":null}',
    '403: Permission check failed (/vms/100, VM.PowerMgmt)',
  ],
  [500, 'create failed', '{"data":null,"message":"create failed\\ntag: taken\\n"}', '500: create failed; tag: taken'],
  [
    400,
    'Parameter verification failed.',
    '{"data":null,"errors":{"vmid":"wrong","x":"unknown"}}',
    '400: vmid: wrong, x: unknown',
  ],
  [502, 'Bad Gateway', '<html><body>nginx</body></html>', '502: Bad Gateway'],
  [501, 'x', '{"data":null,"mess', '501: x'],
])('a refusal with %i %s %s becomes one line', async (status, reason, body, message) => {
  answer = (_, response) => refuse(response, status, reason, body)
  expect((await failureOf(hypervisor.version(signal))).message).toContain(message)
})

test.each(['{"data":{"version":"9.', '<html>login</html>', '', '[]', '{}', '{"data":{"version":7}}', '"data"'])(
  'a 200 with the body %j is no success',
  async (body) => {
    answer = (_, response) => void response.end(body)
    expect((await failureOf(hypervisor.version(signal))).message).toMatch(
      /expected \{"data": \.\.\.\}|unexpected reply/,
    )
  },
)

test('a GET on a connection that closes unanswered is repeated, a POST not before its task could be searched for', async () => {
  let closings = 2
  const close = (socket: Socket) => void socket.destroy()
  answer = (request, response) => {
    if (closings-- > 0) return close(request.socket)
    return void response.end('{"data":{"version":"9.0.0"}}')
  }
  expect(await hypervisor.version(signal)).toBe('Proxmox VE 9.0.0')
  answer = (request, response) => {
    if (request.method === 'POST') return close(request.socket)
    return void response.end(JSON.stringify({ data: [ours] }))
  }
  expect((await failureOf(hypervisor.stop('fw1', signal))).message).toContain(`POST ${stopPath} got no reply`)
  expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('an abort ends a call that gets no answer, with the reason of the abort', async () => {
  const abort = new AbortController()
  answer = () => abort.abort(new Error('enough'))
  await expect(hypervisor.version(abort.signal)).rejects.toThrow('enough')
})

test('whatever a server answers, the outcome is an error for people or a version', async () => {
  const bodies = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"data":${json}}`),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(200, 204, 400, 401, 500, 595, 599), bodies, async (status, body) => {
      answer = (_, response) => refuse(response, status, 'as it is', status === 204 ? '' : body)
      const outcome = await hypervisor.version(signal).catch((thrown: unknown) => thrown)
      expect(outcome instanceof HarnessError || (status === 200 && String(outcome).startsWith('Proxmox VE '))).toBe(
        true,
      )
    }),
    { numRuns: 100 },
  )
})
