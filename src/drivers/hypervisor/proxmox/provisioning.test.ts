import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
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
  driver = await connectProxmox({ target, clock, lab: { name: 'one', machines: [] } })
  server.pve.add(9000, 'firedrill-client', { config: { template: '1', tags: 'firedrill-template' } })
})
afterEach(async () => await driver.close())

const sent = (text: string) => server.seen.find(({ call }) => call.includes(text))
const fresh = { vmid: 9110, name: 'one-client', template: 9000, pool: 'firedrill-one', storage: null }

test('a VM is cloned, configured, snapshotted, rolled back and destroyed', async () => {
  await driver.pools.createPool('firedrill-one', '{"owner":"me"}', signal)
  await driver.vms.clone(fresh, signal)
  expect(sent('/clone')?.parameters).toEqual({ newid: '9110', name: 'one-client', pool: 'firedrill-one', full: '0' })
  await driver.vms.configure(9110, { tags: 'firedrill;one', sshkeys: 'ssh-ed25519 AAAA+b/c me\n' }, signal)
  expect(sent('PUT')?.parameters['sshkeys']).toBe('ssh-ed25519%20AAAA%2Bb%2Fc%20me%0A')
  expect((await driver.vms.list(signal)).find(({ vmid }) => vmid === 9110)).toEqual({
    vmid: 9110,
    name: 'one-client',
    node: 'pve1',
    tags: ['firedrill', 'one'],
    pool: 'firedrill-one',
    isTemplate: false,
    status: 'stopped',
  })
  expect(await driver.pools.pool('firedrill-one', signal)).toEqual({ comment: '{"owner":"me"}', vmids: [9110] })
  expect(await driver.vms.configuration(9110, signal)).toEqual({
    name: 'one-client',
    memory: '512',
    net0: 'virtio=BC:24:11:00:00:01,bridge=fd66,firewall=0',
    template: '1',
    tags: 'firedrill;one',
    sshkeys: 'ssh-ed25519%20AAAA%2Bb%2Fc%20me%0A',
  })
  await driver.snapshots.takeSnapshot(9110, 'clean', signal)
  expect(await driver.snapshots.snapshots(9110, signal)).toEqual(['clean'])
  await driver.snapshots.rollback(9110, 'clean', signal)
  await driver.snapshots.removeSnapshot(9110, 'clean', signal)
  await driver.vms.destroy(9110, signal)
  await driver.vms.destroy(9110, signal)
  await driver.pools.removePool('firedrill-one', signal)
  await driver.pools.removePool('firedrill-one', signal)
  expect(await driver.pools.pool('firedrill-one', signal)).toBeNull()
  expect(server.pve.vms.has(9110)).toBe(false)
})

test('a full clone goes to the storage that is named', async () => {
  await driver.vms.clone({ ...fresh, storage: 'local' }, signal)
  expect(sent('/clone')?.parameters).toMatchObject({ full: '1', storage: 'local' })
})

test('percent-encoded SSH keys are not encoded again', async () => {
  await driver.vms.create({ vmid: 9111, name: 'x', pool: 'p', settings: { sshkeys: 'ssh-ed25519%20AAAA' } }, signal)
  expect(sent('POST /nodes/pve1/qemu')?.parameters).toEqual({
    vmid: '9111',
    name: 'x',
    pool: 'p',
    sshkeys: 'ssh-ed25519%20AAAA',
  })
})

test('a running VM is stopped before it is destroyed; one that is not ours is left alone', async () => {
  server.pve.add(9120, 'one-fw1', { status: 'running', qmpstatus: 'running' })
  await driver.vms.destroy(9120, signal)
  expect(server.pve.tasks.map(({ type }) => type)).toEqual(['qmstop', 'qmdestroy'])
  server.pve.add(100, 'production', { config: { tags: 'important' }, pool: 'other' })
  await expect(driver.vms.destroy(100, signal)).rejects.toMatchObject({ kind: 'protected' })
  expect(server.pve.vms.has(100)).toBe(true)
})

test('two clones at once, each with its own task, and no more than two', async () => {
  const clones = [9111, 9112, 9113, 9114].map((vmid) => driver.vms.clone({ ...fresh, vmid, name: `c${vmid}` }, signal))
  await Promise.all(clones)
  expect(new Set(server.pve.vms.keys())).toEqual(new Set([9000, 9111, 9112, 9113, 9114]))
})

test('a VMID that is taken is told by its kind', async () => {
  await driver.vms.clone(fresh, signal)
  await expect(driver.vms.clone(fresh, signal)).rejects.toMatchObject({ kind: 'vmid-taken', exitCode: 69 })
})

test('an upload has an exact length, its checksum, and its file last', async () => {
  const image = Uint8Array.from({ length: 70_000 }, (_, at) => at % 251)
  expect(await driver.isos.upload('local', 'firedrill-one-fw1.iso', image, signal)).toBe(
    'local:iso/firedrill-one-fw1.iso',
  )
  const request = sent('/upload')
  expect(request?.headers['transfer-encoding']).toBeUndefined()
  expect(Number(request?.headers['content-length'])).toBeGreaterThan(70_000)
  expect(Object.entries(request?.parameters ?? {})).toEqual([
    ['content', 'iso'],
    ['checksum-algorithm', 'sha256'],
    ['checksum', createHash('sha256').update(image).digest('hex')],
    ['filename', 'firedrill-one-fw1.iso'],
  ])
  await driver.isos.removeVolume('local:iso/firedrill-one-fw1.iso', signal)
  await driver.isos.removeVolume('local:iso/firedrill-one-fw1.iso', signal)
  expect(await driver.isos.volumes('local', signal)).toEqual([])
})

test('the agent of a guest pings, tells addresses and runs a command', async () => {
  server.pve.add(9120, 'one-fw1')
  expect(await driver.agent.ping(9120, signal)).toBe(true)
  server.plan({ on: 'agent/ping', mishap: { status: 500, reason: 'QEMU guest agent is not running' } })
  expect(await driver.agent.ping(9120, signal)).toBe(false)
  expect(await driver.agent.addresses(9120, signal)).toEqual([{ mac: 'bc:24:11:00:00:01', ipv4: ['10.0.0.2'] }])
  expect(await driver.agent.exec(9120, ['sh', '-c', 'exit 3'], signal)).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  })
  expect(sent('agent/exec')?.headers['content-type']).toBe('application/json')
})

test('the cluster tells release, nodes, quorum, privileges and what protects a VM', async () => {
  expect(await driver.cluster.release(signal)).toEqual({ major: 9, minor: 1, text: '9.1.9' })
  expect(await driver.cluster.nodes(signal)).toEqual([
    { node: 'pve1', online: true },
    { node: 'pve2', online: true },
  ])
  expect(await driver.cluster.cluster(signal)).toEqual({ name: 'lab', quorate: true })
  expect(await driver.privileges.permissions(signal)).toEqual({ '/': ['Sys.Audit'], '/vms/100': ['VM.Audit'] })
  server.pve.add(9120, 'x', { config: { protection: '1', ha: '1' } })
  expect(await driver.cluster.protection(9120, signal)).toEqual({ haManaged: true, isProtected: true })
})

test('what the server would refuse anyway is not sent', async () => {
  await expect(driver.snapshots.takeSnapshot(9000, 'current', signal)).rejects.toThrow(
    /was not sent: snapname: expected/,
  )
  expect(server.seen).toEqual([])
})
