import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import { answerOf } from './fixture/small-pve/answer.ts'
import { type ScriptedServer, startScriptedServer } from './fixture/scripted-server.ts'
import { type ProxmoxVe, connectProxmox } from './proxmox.ts'

const { signal } = new AbortController()
let server: ScriptedServer
let driver: ProxmoxVe

beforeAll(async () => void (server = await startScriptedServer()))
afterAll(async () => await server.close())
beforeEach(async () => {
  server.reset()
  const { target, clock } = server
  driver = await connectProxmox({ target, clock, lab: { name: 'one', machines: ['fw1', 'fw2'] } })
  server.pve.add(9000, 'firedrill-client', { config: { template: '1' } })
  server.pve.add(9102, 'one-fw1', { status: 'running', qmpstatus: 'running' })
})
afterEach(async () => await driver.close())

const failureOf = async (promise: Promise<unknown>): Promise<HarnessError> => {
  const thrown: unknown = await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (!(thrown instanceof HarnessError)) throw thrown
  expect(thrown.message).not.toContain('\n')
  expect(thrown.exitCode).toBe(69)
  return thrown
}

const posts = (text: string) => server.seen.filter(({ call }) => call.includes(text)).length
const after = [
  'close-after',
  '596-after',
  'torn-after',
  { status: 504, reason: 'Gateway Time-out', body: '<html>', isExecuted: true },
] as const
const before = ['close-before', '596-before', { status: 502, reason: 'Bad Gateway', body: '<html>' }] as const

test.each(after)(
  'a stop that happened although its reply was lost (%j) is adopted and not repeated',
  async (mishap) => {
    server.plan({ on: 'status/stop', mishap })
    const { sentMs, ackedMs } = await driver.stop('fw1', signal)
    expect(ackedMs).toBeGreaterThan(sentMs)
    expect(server.pve.count('qmstop')).toBe(1)
    expect(posts('status/stop')).toBe(1)
  },
)

test.each(before)('a start that did not happen (%j) is repeated once', async (mishap) => {
  server.plan({ on: 'status/start', mishap })
  const { sentMs, ackedMs } = await driver.start('fw1', signal)
  expect(server.pve.count('qmstart')).toBe(1)
  expect(posts('status/start')).toBe(2)
  // The first request may have done it: the interval begins with it, before the searches of 3 s.
  expect(ackedMs - sentMs).toBeGreaterThan(3000)
})

test('what is lost twice is an error that says so, after two requests and no more', async () => {
  server.plan({ on: 'status/stop', mishap: 'close-before', times: 9 })
  const error = await failureOf(driver.stop('fw1', signal))
  expect(error).toMatchObject({ kind: 'lost-reply' })
  expect(posts('status/stop')).toBe(2)
})

test('a task list that cannot be read leaves it open whether it happened, and nothing is repeated', async () => {
  server.plan({ on: 'status/stop', mishap: 'close-after' }, { on: 'GET /nodes/pve1/tasks', mishap: '596-before' })
  const error = await failureOf(driver.stop('fw1', signal))
  expect(error.message).toContain('whether it happened could not be found out')
  expect(posts('status/stop')).toBe(1)
})

test('an earlier task of the same kind, and that of somebody else, are not taken for the lost one', async () => {
  await driver.stop('fw1', signal)
  server.pve.user = 'admin@pam'
  answerOf(server.pve, 'POST', '/nodes/pve1/qemu/9102/status/stop', {})
  server.pve.user = 'root@pam!drill'
  server.plan({ on: 'status/stop', mishap: 'close-before' })
  await driver.stop('fw1', signal)
  expect(posts('status/stop')).toBe(3)
  expect(server.pve.count('qmstop')).toBe(3)
})

test('a clone whose reply is lost is made once, and its VMID is not reported as taken', async () => {
  server.plan({ on: '/clone', mishap: '596-after' })
  await driver.vms.clone({ vmid: 9110, name: 'one-client', template: 9000, pool: 'p', storage: null }, signal)
  expect(server.pve.count('qmclone')).toBe(1)
  expect(server.pve.vms.get(9110)?.name).toBe('one-client')
})

test.each(['close-after', 'close-before', 'torn-after'] as const)(
  'a configuration is written once (%s)',
  async (mishap) => {
    server.plan({ on: 'PUT /nodes/pve1/qemu/9102/config', mishap })
    await driver.vms.configure(9102, { tags: 'firedrill;one', memory: '256' }, signal)
    expect(server.pve.vms.get(9102)?.config).toMatchObject({ tags: 'firedrill;one', memory: '256' })
    expect(server.pve.vms.get(9102)?.version).toBe(2)
  },
)

test.each(['close-after', '596-before'] as const)('a NIC is written once (%s)', async (mishap) => {
  server.plan({ on: 'PUT /nodes/pve1/qemu/9102/config', mishap })
  await driver.writeNic('fw1', 0, { linkDown: true }, signal)
  expect(server.pve.vms.get(9102)?.version).toBe(2)
})

test.each(['close-after', 'close-before'] as const)(
  'a pool is created once (%s), and its owner told from another',
  async (mishap) => {
    server.plan({ on: 'POST /pools', mishap })
    await driver.pools.createPool('firedrill-one', 'mine', signal)
    expect(server.pve.pools.get('firedrill-one')).toBe('mine')
    expect(await failureOf(driver.pools.createPool('firedrill-one', 'other', signal))).toMatchObject({
      kind: 'pool-taken',
    })
  },
)

test.each(['close-after', '596-before', 'torn-after'] as const)(
  'an upload and the removal of what it made (%s)',
  async (mishap) => {
    server.plan({ on: '/upload', mishap }, { on: 'DELETE', mishap })
    expect(await driver.isos.upload('local', 'x.iso', Buffer.from('image'), signal)).toBe('local:iso/x.iso')
    expect(server.pve.count('imgcopy')).toBe(1)
    await driver.isos.removeVolume('local:iso/x.iso', signal)
    expect(await driver.isos.volumes('local', signal)).toEqual([])
  },
)

test.each(['close-after', '596-before'] as const)('a VM is destroyed once (%s)', async (mishap) => {
  server.plan({ on: 'DELETE /nodes', mishap })
  await driver.vms.destroy(9102, signal)
  expect(server.pve.vms.has(9102)).toBe(false)
  expect(server.pve.count('qmdestroy')).toBe(1)
})

test('a command in a guest is never repeated, and neither is the reading of its end', async () => {
  server.plan({ on: 'agent/exec-status', mishap: 'close-after' })
  expect(await failureOf(driver.agent.exec(9102, ['true'], signal))).toMatchObject({ kind: 'lost-reply' })
  expect(posts('agent/exec-status')).toBe(1)
  server.plan({ on: 'POST /nodes/pve1/qemu/9102/agent/exec', mishap: 'close-after' })
  expect(await failureOf(driver.agent.exec(9102, ['true'], signal))).toMatchObject({ kind: 'lost-reply' })
  expect(posts('POST /nodes/pve1/qemu/9102/agent/exec')).toBe(2)
})
