import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../../../model/failure.ts'
import { type ScriptedServer, startScriptedServer } from '../../fixture/scripted-server.ts'
import { type ProxmoxVe, connectProxmox } from '../../proxmox.ts'

const { signal } = new AbortController()
const vnet = (tag: number) => ({ vnet: `fd${tag}`, zone: 'fd0', tag, alias: `firedrill one net${tag}` })
const networks = { zone: { zone: 'fd0', bridge: 'vmbr0' }, vnets: [vnet(66), vnet(67)] }
const names = { zone: 'fd0', vnets: ['fd66', 'fd67'] }
const foreign = { bridge: 'vmbr1' }

let server: ScriptedServer
let driver: ProxmoxVe

beforeAll(async () => void (server = await startScriptedServer()))
afterAll(async () => await server.close())
beforeEach(async () => {
  server.reset()
  const { target, clock } = server
  driver = await connectProxmox({ target, clock, lab: { name: 'one', machines: [] } })
})
afterEach(async () => await driver.close())

const failureOf = async (promise: Promise<unknown>): Promise<HarnessError> => {
  const thrown: unknown = await promise.catch((error: unknown) => error)
  if (thrown instanceof HarnessError) return thrown
  throw new Error(`expected a refusal, came ${String(thrown)}`)
}

const edits = () => server.seen.map(({ call }) => call).filter((call) => !call.startsWith('GET'))

/** How many zones and vnets there are, and whose the lock is. */
const left = () => [server.pve.zones.size, server.pve.vnets.size, server.pve.sdnLock]
const untouched = [0, 0, null]

test('networks are created in one locked transaction, and removed in two applies', async () => {
  await driver.sdn.create(networks, signal)
  expect(edits()).toEqual([
    'POST /cluster/sdn/lock',
    'POST /cluster/sdn/zones',
    'POST /cluster/sdn/vnets',
    'POST /cluster/sdn/vnets',
    'PUT /cluster/sdn',
  ])
  expect(server.seen.find(({ call }) => call === 'PUT /cluster/sdn')?.parameters).toEqual({
    'lock-token': 'lock-1',
    'release-lock': '1',
  })
  expect(await driver.sdn.zones(signal)).toEqual([{ zone: 'fd0', bridge: 'vmbr0' }])
  expect(server.pve.isPending()).toBe(false)
  await driver.sdn.remove(names, signal)
  expect(edits().filter((call) => call === 'PUT /cluster/sdn')).toHaveLength(3)
  expect(left()).toEqual(untouched)
  await driver.sdn.remove(names, signal)
})

test('a zone of tunnels has peers instead of a bridge', async () => {
  const zone = { zone: 'fd0x', peers: ['192.0.2.1', '192.0.2.2'] }
  await driver.sdn.create({ zone, vnets: [{ ...vnet(2000), zone: 'fd0x' }] }, signal)
  expect(server.seen.find(({ call }) => call === 'POST /cluster/sdn/zones')?.parameters).toEqual({
    'lock-token': 'lock-1',
    zone: 'fd0x',
    type: 'vxlan',
    peers: '192.0.2.1,192.0.2.2',
  })
  expect(await driver.sdn.zones(signal)).toEqual([zone])
  await driver.sdn.remove({ zone: 'fd0x', vnets: ['fd2000'] }, signal)
  expect(left()).toEqual(untouched)
})

test('an 8.x has no lock, so none is asked for', async () => {
  server.pve.version = '8.4.14'
  await driver.sdn.create(networks, signal)
  expect(edits()).not.toContain('POST /cluster/sdn/lock')
  expect(server.seen.find(({ call }) => call === 'PUT /cluster/sdn')?.parameters).toEqual({})
  await driver.sdn.remove(names, signal)
  expect(left()).toEqual(untouched)
})

test.each(['9.1.9', '8.4.1'])('pending edits of somebody else on %s are a refusal before anything', async (version) => {
  server.pve.version = version
  server.pve.zones.set('theirs', { running: foreign, wanted: { bridge: 'vmbr2' } })
  const error = await failureOf(driver.sdn.create(networks, signal))
  expect(error.kind).toBe('sdn-pending')
  expect(error.message).toContain('zone theirs')
  expect(edits().filter((call) => call !== 'POST /cluster/sdn/lock')).toEqual([])
  expect(server.pve.sdnLock).toBe(null)
})

test('edits of somebody who holds the lock are waited for: he is about to apply them', async () => {
  server.pve.sdnLock = 'theirs'
  server.pve.zones.set('theirs', { running: null, wanted: foreign })
  const sleep: typeof server.clock.sleep = (ms, aborted) => {
    server.pve.zones.set('theirs', { running: foreign, wanted: foreign })
    server.pve.sdnLock = null
    return server.clock.sleep(ms, aborted)
  }
  const { target, clock } = server
  const waiting = await connectProxmox({ target, clock: { ...clock, sleep }, lab: { name: 'one', machines: [] } })
  await waiting.sdn.create(networks, signal)
  await waiting.close()
  expect([...server.pve.zones.keys()]).toEqual(['theirs', 'fd0'])
  expect(server.pve.isPending()).toBe(false)
  expect(server.pve.sdnLock).toBe(null)
})

test('a name that is taken is refused, and what has it stays', async () => {
  const same = { zone: 'x', tag: '67', alias: 'firedrill two lan' }
  server.pve.vnets.set('fd67', { running: same, wanted: same })
  expect((await failureOf(driver.sdn.create(networks, signal))).message).toContain('vnet fd67 (firedrill two lan)')
  expect(server.pve.vnets.has('fd67')).toBe(true)
  expect(edits()).toEqual([])
})

test('a lock that somebody holds is waited for, and named when it stays', async () => {
  server.pve.sdnLock = 'theirs'
  const error = await failureOf(driver.sdn.create(networks, signal))
  expect(error.kind).toBe('sdn-lock')
  expect(error.message).toMatch(/invalid lock token provided \(waited 60 s for it\)$/)
  expect(server.pve.sdnLock).toBe('theirs')
})

test('a lock that a dead run of ours left is broken when the caller says so', async () => {
  server.pve.sdnLock = 'dead'
  await driver.sdn.remove(names, signal, { breakLock: true })
  expect(left()).toEqual(untouched)
})

test('what a dead run of ours left pending goes with the teardown', async () => {
  server.pve.zones.set('fd0', { running: null, wanted: { bridge: 'vmbr0' } })
  server.pve.vnets.set('fd66', { running: null, wanted: { zone: 'fd0', tag: '66', alias: 'firedrill one net66' } })
  expect(await driver.sdn.vnets(signal)).toEqual([{ vnet: 'fd66', zone: 'fd0', tag: 66, alias: 'firedrill one net66' }])
  await driver.sdn.remove(names, signal)
  expect(left()).toEqual(untouched)
})

test('an apply that a node did not take over is an error and is undone, although its task ended OK', async () => {
  server.pve.nodeVnetStatus = 'error'
  const error = await failureOf(driver.sdn.create(networks, signal))
  expect(error).toMatchObject({ kind: 'bridge-missing' })
  expect(error.message).toContain('node pve1 has not taken it over: vnet fd66: missing vmbr9')
  expect(left()).toEqual(untouched)
})

test.each(['8.4.1', '9.1.9'])('a refused edit on %s leaves nothing behind', async (version) => {
  server.pve.version = version
  const mishap = { status: 500, reason: 'create sdn vnet object failed: 400 Parameter verification failed.' }
  server.plan({ on: 'POST /cluster/sdn/vnets', mishap })
  expect((await failureOf(driver.sdn.create(networks, signal))).message).toContain('create sdn vnet object failed')
  expect(left()).toEqual(untouched)
})

const steps = [
  'POST /cluster/sdn/lock',
  'POST /cluster/sdn/zones',
  'POST /cluster/sdn/vnets',
  'PUT /cluster/sdn',
  'DELETE /cluster/sdn/zones',
  'DELETE /cluster/sdn/vnets',
]
const mishaps = ['close-before', 'close-after', '596-after', 'torn-after'] as const
const lost = steps.flatMap((on) => mishaps.map((mishap) => ({ on, mishap })))

test.each(lost)('a lost reply to $on ($mishap) changes nothing about the outcome', async (planned) => {
  server.plan({ ...planned })
  await driver.sdn.create(networks, signal)
  expect([...server.pve.vnets.keys()]).toEqual(['fd66', 'fd67'])
  expect(server.pve.isPending()).toBe(false)
  await driver.sdn.remove(names, signal)
  expect(left()).toEqual(untouched)
})

test('an abort in the middle rolls back and gives the lock back', async () => {
  const abort = new AbortController()
  server.plan({ on: 'POST /cluster/sdn/vnets', hook: () => abort.abort(new Error('enough')) })
  const creating = driver.sdn.create(networks, abort.signal)
  await expect(creating).rejects.toThrow('enough')
  expect(left()).toEqual(untouched)
})
