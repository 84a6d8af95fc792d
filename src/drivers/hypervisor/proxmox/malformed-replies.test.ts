import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import { type Mishap, type ScriptedServer, startScriptedServer } from './fixture/scripted-server.ts'
import { type ProxmoxVe, connectProxmox } from './proxmox.ts'

const { signal } = new AbortController()
const networks = {
  zone: { zone: 'fd0', bridge: 'vmbr0' },
  vnets: [{ vnet: 'fd66', zone: 'fd0', tag: 66, alias: 'firedrill one wan' }],
}
let server: ScriptedServer
let driver: ProxmoxVe

beforeAll(async () => void (server = await startScriptedServer()))
afterAll(async () => await server.close())
beforeEach(begin)
afterEach(async () => await driver.close())

async function begin(): Promise<void> {
  server.reset()
  const { target, clock } = server
  driver = await connectProxmox({ target, clock, lab: { name: 'one', machines: ['fw1'] } })
  server.pve.add(9000, 'firedrill-client', { config: { template: '1' } })
  server.pve.add(9102, 'one-fw1', { status: 'running', qmpstatus: 'running' })
}

interface Act {
  run: () => Promise<unknown>
  /** What is true of the server when it was a success. */
  holds?: () => boolean
}

const fw1 = () => server.pve.vms.get(9102)

/** Things to do, with what must be so on the server once they claim success. */
const acts: Readonly<Record<string, Act>> = {
  stop: { run: () => driver.stop('fw1', signal), holds: () => fw1()?.status === 'stopped' },
  suspend: { run: () => driver.suspend('fw1', signal), holds: () => fw1()?.qmpstatus === 'paused' },
  'link down': {
    run: () => driver.writeNic('fw1', 0, { linkDown: true }, signal),
    holds: () => fw1()?.config['net0']?.endsWith('link_down=1') === true,
  },
  clone: {
    run: () => driver.vms.clone({ vmid: 9110, name: 'c', template: 9000, pool: 'p', storage: null }, signal),
    holds: () => server.pve.vms.has(9110),
  },
  configure: {
    run: () => driver.vms.configure(9102, { memory: '256' }, signal),
    holds: () => fw1()?.config['memory'] === '256',
  },
  destroy: { run: () => driver.vms.destroy(9102, signal), holds: () => !server.pve.vms.has(9102) },
  snapshot: {
    run: () => driver.snapshots.takeSnapshot(9102, 'clean', signal),
    holds: () => fw1()?.snapshots.includes('clean') === true,
  },
  pool: { run: () => driver.pools.createPool('p', 'mine', signal), holds: () => server.pve.pools.get('p') === 'mine' },
  upload: {
    run: () => driver.isos.upload('local', 'x.iso', Buffer.from('x'), signal),
    holds: () => server.pve.volumes.has('local:iso/x.iso'),
  },
  networks: {
    run: () => driver.sdn.create(networks, signal),
    holds: () => server.pve.vnets.has('fd66') && !server.pve.isPending() && server.pve.sdnLock === null,
  },
  version: { run: () => driver.version(signal) },
  state: { run: () => driver.runState('fw1', signal) },
  list: { run: () => driver.vms.list(signal) },
  exec: { run: () => driver.agent.exec(9102, ['true'], signal) },
  addresses: { run: () => driver.agent.addresses(9102, signal) },
  permissions: { run: () => driver.privileges.permissions(signal) },
  cluster: { run: () => driver.cluster.cluster(signal) },
  protection: { run: () => driver.cluster.protection(9102, signal) },
}

/** Runs an act whose n-th request gets that reply; the outcome, and whether what it claims is so. */
async function attempt(name: string, nth: number, mishap: Mishap): Promise<unknown> {
  await driver.close()
  await begin()
  const act = acts[name]
  if (act === undefined) throw new Error(name)
  server.plan({ on: '', times: nth }, { on: '', mishap })
  const outcome = await act.run().then(
    () => 'success',
    (thrown: unknown) => thrown,
  )
  if (outcome === 'success' && act.holds?.() === false) throw new Error(`${name} claims a success that is none`)
  return outcome
}

/** A success, or one line for people without a secret in it. */
function isKnown(outcome: unknown): boolean {
  if (outcome === 'success') return true
  if (!(outcome instanceof HarnessError)) throw outcome
  return !/\n|01234567-89ab/.test(outcome.message)
}

const name = fc.constantFrom(...Object.keys(acts))
const nth = fc.nat(12)
const page = '<html><head><title>Bad Gateway</title></head></html>'
const noEnvelope = fc.oneof(
  fc.constantFrom('', page, '{"data":', '{"data":{"status":"run', '[]', 'null', '"OK"', '{"success":1}'),
  fc.string().filter((text) => !text.startsWith('{')),
)
const status = fc.constantFrom(200, 200, 200, 204, 301, 400, 401, 403, 500, 501, 502, 595, 596, 597, 599)

test('torn, empty and foreign replies are errors for people or change nothing about the outcome', async () => {
  const reply = fc.record({
    status,
    reason: fc.constantFrom('', 'OK', 'so what'),
    body: noEnvelope,
    isExecuted: fc.boolean(),
  })
  const property = fc.asyncProperty(name, nth, reply, async (act, at, mishap) => {
    const body = mishap.status === 204 ? '' : mishap.body
    expect(await attempt(act, at, { ...mishap, body })).toSatisfy(isKnown)
  })
  await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
})

test('data of any type is an error for people or taken for what it says', async () => {
  const body = fc.json({ maxDepth: 3 }).map((data) => `{"data":${data}}`)
  const property = fc.asyncProperty(name, nth, body, async (act, at, text) => {
    const outcome = await attempt(act, at, { status: 200, reason: 'OK', body: text, isExecuted: true })
    expect(outcome).toSatisfy(isKnown)
  })
  await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
})

test('errors of any shape are errors for people', async () => {
  const errors = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })), fc.jsonValue())
  const body = fc.record({ data: fc.constant(null), message: fc.jsonValue({ maxDepth: 1 }), errors })
  const property = fc.asyncProperty(name, nth, status, body, async (act, at, code, refusal) => {
    if (code === 200 || code === 204) return
    expect(await attempt(act, at, { status: code, reason: 'no', body: JSON.stringify(refusal) })).toSatisfy(isKnown)
  })
  await expect(fc.assert(property, { numRuns: 200 })).resolves.toBeUndefined()
})
