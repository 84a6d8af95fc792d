import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import type { Clock } from '../../../ports/clock.ts'
import { type ScriptedServer, startScriptedServer } from './fixture/scripted-server.ts'
import { type ProxmoxVe, connectProxmox } from './proxmox.ts'

const { signal } = new AbortController()
const machines = ['fw1', 'fw2', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']
let server: ScriptedServer
let driver: ProxmoxVe

beforeAll(async () => void (server = await startScriptedServer()))
afterAll(async () => await server.close())
beforeEach(async () => {
  server.reset()
  const { target, clock } = server
  driver = await connectProxmox({ target, clock, lab: { name: 'one', machines } })
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
  return thrown
}

const fw1 = () => server.pve.vm({ node: 'pve1', vmid: '9102' })
const refused = (reason: string) => ({ status: 500, reason })
const seen = (text: string) => server.seen.filter(({ call }) => call.includes(text))

test('every way to treat a machine is one task, and its state can be read', async () => {
  await driver.suspend('fw1', signal)
  expect(await driver.runState('fw1', signal)).toBe('paused')
  expect(await driver.powerState('fw1', signal)).toBe('running')
  await driver.resume('fw1', signal)
  await driver.reset('fw1', signal)
  expect(await driver.runState('fw1', signal)).toBe('running')
  await driver.shutdown('fw1', signal)
  expect(await driver.runState('fw1', signal)).toBe('stopped')
  await driver.reboot('fw1', signal)
  const types = ['qmpause', 'qmresume', 'qmreset', 'qmshutdown', 'qmreboot']
  expect(server.pve.tasks.map(({ type }) => type)).toEqual(types)
})

test('a shutdown that did not end is overruled by the next stop, and only by that', async () => {
  server.pve.nextExit = 'VM quit/powerdown failed - got timeout'
  expect(await failureOf(driver.shutdown('fw1', signal))).toMatchObject({ kind: 'guest-refused' })
  await driver.stop('fw1', signal)
  await driver.stop('fw1', signal)
  const sent = seen('status/stop').map(({ parameters }) => parameters)
  expect(sent).toEqual([{ 'overrule-shutdown': '1' }, {}])
})

test.each(['VM is locked (backup)', "can't lock file '/var/lock/qemu-server/lock-9102.conf' - got timeout"])(
  'a lock that is held for a while is waited for: %s',
  async (text) => {
    server.plan({ on: 'status/stop', mishap: refused(text), times: 3 })
    await driver.stop('fw1', signal)
    expect(seen('status/stop')).toHaveLength(4)
    server.pve.nextExit = text
    await driver.start('fw1', signal)
    expect(server.pve.count('qmstart')).toBe(2)
  },
)

test('a lock that stays is named, with how to remove it', async () => {
  server.plan({ on: 'status/stop', mishap: refused('VM is locked (backup)'), times: 99 })
  const error = await failureOf(driver.stop('fw1', signal))
  expect(error.message).toMatch(/VM is locked \(backup\) \(waited 60 s for it\)$/)
  expect(error).toMatchObject({ kind: 'locked', exitCode: 69 })
  expect(error.hint).toContain('qm unlock')
})

test('without quorum writes fail with that reason, and a stop still works', async () => {
  server.pve.quorate = false
  expect(await failureOf(driver.writeNic('fw1', 0, { linkDown: true }, signal))).toMatchObject({ kind: 'no-quorum' })
  expect(await driver.cluster.cluster(signal)).toEqual({ name: 'lab', quorate: false })
  await driver.stop('fw1', signal)
})

test.each([
  [refused("hostname lookup 'pve7' failed - failed to get address info"), 'wrong-node'],
  [{ status: 595, reason: '' }, 'node-unreachable'],
  [{ status: 401, reason: 'Authentication failed!' }, 'unauthenticated'],
  [{ status: 403, reason: 'Permission check failed (/vms/9102, VM.PowerMgmt)' }, 'forbidden'],
  [{ status: 501, reason: "Method 'POST /x' not implemented" }, 'unknown-call'],
  [{ status: 301, reason: 'Moved Permanently' }, 'unknown-call'],
] as const)('a refusal %j is told once, with its kind and a hint', async (mishap, kind) => {
  server.plan({ on: 'status/stop', mishap, times: 9 })
  const error = await failureOf(driver.stop('fw1', signal))
  expect(error).toMatchObject({ kind, exitCode: 69 })
  expect(error.hint).toBeTruthy()
  expect(seen('status/stop')).toHaveLength(1)
})

test('a task is watched on through a node that is away for a moment', async () => {
  server.pve.nextPolls = 5
  server.plan({ on: '/status', mishap: { status: 595, reason: '' }, times: 0 })
  server.plan({ on: '%3A/status', mishap: { status: 595, reason: '' }, times: 3 })
  await driver.stop('fw1', signal)
  expect(server.pve.count('qmstop')).toBe(1)
})

test('a task without a verdict is judged by its log, and its last error is told', async () => {
  server.pve.nextExit = 'unexpected status'
  const pending = driver.stop('fw1', signal)
  expect((await failureOf(pending)).message).toContain('its task failed: unexpected status')
  server.pve.nextExit = 'start failed: QEMU exited with code 1'
  server.pve.nextPolls = 0
  server.plan({
    on: '%3A/status',
    hook: () => server.pve.tasks.at(-1)?.log.unshift('kvm: could not open disk: denied'),
  })
  expect((await failureOf(driver.start('fw1', signal))).message).toMatch(
    /start failed: QEMU exited with code 1 \(kvm: could not open disk: denied\)$/,
  )
})

test('operations on one VM wait for each other, those on different VMs do not', async () => {
  server.pve.add(9103, 'one-fw2', { status: 'running', qmpstatus: 'running' })
  server.pve.nextPolls = 8
  const order: string[] = []
  const note = (what: string) => () => void order.push(what)
  await Promise.all([
    driver.stop('fw1', signal).then(note('stop fw1')),
    driver.start('fw1', signal).then(note('start fw1')),
    driver.stop('fw2', signal).then(note('stop fw2')),
  ])
  expect(order.indexOf('stop fw1')).toBeLessThan(order.indexOf('start fw1'))
  const calls = server.seen.map(({ call }) => call)
  const ends = calls.findLastIndex((call) => call.includes('qmstop%3A9102'))
  expect(calls.findIndex((call) => call.includes('9102/status/start'))).toBeGreaterThan(ends)
})

/** For tests that act while a call waits: in virtual time its limit could pass before they come to it. */
const realClock: Clock = {
  nowMs: () => performance.now(),
  sleep: async (ms, until) => {
    await delay(ms, undefined, { signal: until }).catch(() => until.throwIfAborted())
  },
}

test('who is aborted in the queue leaves it at once, with the reason, and does nothing', async () => {
  server.pve.nextPolls = 1000
  const patient = await connectProxmox({ target: server.target, clock: realClock, lab: { name: 'one', machines } })
  const first = new AbortController()
  const second = new AbortController()
  const stopping = patient.stop('fw1', first.signal).catch((error: unknown) => error)
  const waiting = patient.start('fw1', second.signal)
  await expect.poll(() => seen('status/stop').length).toBe(1)
  second.abort(new Error('no longer'))
  await expect(waiting).rejects.toThrow('no longer')
  first.abort(new Error('enough'))
  expect(await stopping).toMatchObject({ message: 'enough' })
  expect(seen('status/start')).toEqual([])
  server.pve.nextPolls = 1
  await patient.start('fw1', signal)
  await patient.close()
})

test('no more than four requests are ever open', async () => {
  for (const [at, machine] of machines.slice(2).entries()) server.pve.add(9200 + at, `one-${machine}`)
  await Promise.all(machines.slice(2).map((machine) => driver.start(machine, signal)))
  expect(server.mostOpen()).toBeLessThanOrEqual(4)
  expect(server.mostOpen()).toBeGreaterThan(1)
  expect(server.pve.count('qmstart')).toBe(6)
})

test('a VM that has moved is followed to its node', async () => {
  await driver.powerState('fw1', signal)
  fw1().node = 'pve2'
  await driver.stop('fw1', signal)
  expect(server.pve.tasks.at(-1)?.upid).toContain('UPID:pve2:')
  server.pve.vm({ node: 'pve2', vmid: '9102' }).node = 'pve1'
  expect(await driver.vms.configuration(9102, signal)).toMatchObject({ name: 'one-fw1' })
})

test('the link of a NIC goes down and up again with nothing else changed', async () => {
  const before = fw1().config['net0']
  await driver.writeNic('fw1', 0, { linkDown: true }, signal)
  expect(fw1().config['net0']).toBe(`${before},link_down=1`)
  expect(await driver.readNic('fw1', 0, signal)).toEqual({
    model: 'virtio',
    mac: 'BC:24:11:00:00:01',
    bridge: 'fd66',
    linkDown: true,
  })
  await driver.writeNic('fw1', 0, { linkDown: false }, signal)
  expect(fw1().config['net0']).toBe(before)
  expect(seen('PUT').every(({ parameters }) => parameters['digest'] !== undefined)).toBe(true)
})

test('a move to a missing bridge is taken back, and its consequence told', async () => {
  const error = await failureOf(driver.writeNic('fw1', 0, { bridge: 'nowhere' }, signal))
  expect(error).toMatchObject({ kind: 'bridge-missing' })
  expect(error.hint).toContain('move it to an existing one and back')
  expect(fw1().pending).toEqual({})
})

test('a change that stays pending is taken back and is an error', async () => {
  server.plan({ on: 'pending', hook: () => void (fw1().pending = { net0: 'virtio=BC:24:11:00:00:01,bridge=b' }) })
  expect(await failureOf(driver.writeNic('fw1', 0, { bridge: 'b' }, signal))).toMatchObject({ kind: 'hotplug' })
  expect(fw1().pending).toEqual({})
  expect((await failureOf(driver.readNic('fw1', 3, signal))).message).toBe('VM 9102 has no net3')
})

test('an edit that somebody else was faster than is made again on theirs', async () => {
  const theirs = () => {
    fw1().config['net0'] = 'virtio=BC:24:11:00:00:01,bridge=theirs'
    fw1().version += 1
  }
  server.plan({ on: 'PUT', hook: theirs })
  await driver.writeNic('fw1', 0, { linkDown: true }, signal)
  expect(fw1().config['net0']).toBe('virtio=BC:24:11:00:00:01,bridge=theirs,link_down=1')
})

test('a VM of HA is not taken for done when only its wish is noted', async () => {
  server.pve.task = () => `UPID:pve1:00001000:000ABCDE:66AABBCC:hastop:9102:${server.pve.user}:`
  server.plan({
    on: '%3A/status',
    mishap: { status: 200, reason: 'OK', body: '{"data":{"status":"stopped","exitstatus":"OK"}}' },
  })
  expect(await failureOf(driver.stop('fw1', signal))).toMatchObject({ kind: 'ha-managed' })
})
