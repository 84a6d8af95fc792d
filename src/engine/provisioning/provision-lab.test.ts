import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addVm, snapshotOf } from './cluster-state.fixture.ts'
import { fakeCluster } from './fake-cluster.fixture.ts'
import { accessTo, fivePlan, owner } from './five-plan.fixture.ts'
import type { FakeCluster } from './fake-cluster.fixture.ts'
import { provisionLab } from './provision-lab.ts'
import { scopeOf, teardownLab } from './teardown-lab.ts'

const never = new AbortController().signal

const provision = (cluster: FakeCluster, plan = fivePlan(), signal = never) =>
  provisionLab(cluster.site(plan.label), plan, { owner, access: accessTo(plan) }, signal)

/** How many changing calls a provisioning makes. */
async function countCalls(): Promise<number> {
  const cluster = fakeCluster()
  await provision(cluster)
  return cluster.calls.length
}

const calls = await countCalls()
const everyCall = Array.from({ length: calls }, (_, index) => index + 1)

test('a lab is there afterwards, every machine in its pool, tagged, on its networks and running', async () => {
  const cluster = fakeCluster()
  const lab = await provision(cluster)
  const own = [...cluster.state.vms.values()].filter(({ pool }) => pool === 'firedrill-five')
  expect(
    own.toSorted((a, b) => a.vmid - b.vmid).map(({ name, vmid, tags, status }) => ({ name, vmid, tags, status })),
  ).toEqual(
    ['isp', 'fw1', 'fw2', 'client', 'target'].map((machine, index) => ({
      name: `five-${machine}`,
      vmid: 9100 + index,
      tags: ['firedrill', 'five'],
      status: 'running',
    })),
  )
  expect(cluster.state.vms.get(9101)?.settings).toMatchObject({
    net0: 'virtio=BC:24:11:65:01:50,bridge=fd101,firewall=0',
    ide3: 'local:iso/firedrill-five-fw1.iso,media=cdrom',
  })
  expect(cluster.state.vms.get(9103)?.settings).toMatchObject({ ipconfig0: 'ip=10.102.0.50/24,gw=10.102.0.1' })
  expect([...cluster.state.vnets.keys()]).toEqual(['prod1', 'fd101', 'fd102', 'fd103', 'fd66'])
  expect(lab).toMatchObject({ label: 'five', vmids: { isp: 9100, target: 9104 } })
  expect(cluster.most['clone']).toBe(2)
  expect(cluster.commands).toContain(
    'isp: firedrill-isp --wan eth0 --uplink eth1 --lease 10.101.0.150 --router 10.101.0.254 --dns 192.168.66.1',
  )
  expect(cluster.commands.filter((line) => line.startsWith('client: '))).toHaveLength(2)
})

test('machines on a management network are found by their MAC, and their host keys asked of the guest agent', async () => {
  const plan = fivePlan(0, 'five', 'management: { bridge: vmbr0, addresses: dhcp, via: node }')
  const cluster = fakeCluster()
  const lab = await provisionLab(cluster.site('five'), plan, { owner, access: {} }, never)
  expect(lab.machines['fw1']?.ssh).toEqual({
    host: '192.0.2.301',
    port: 22,
    user: 'root',
    hostKey: 'ssh-ed25519 KEY9101',
    via: 'node',
  })
})

describe.each(['before', 'after'] as const)('a call that fails %s its effect', (effect) => {
  test.each(everyCall)('call %i: the lab stands, or the cluster is as it was', async (atCall) => {
    const cluster = fakeCluster()
    const before = snapshotOf(cluster.state)
    cluster.failure = { atCall, effect, dead: false }
    const stands = await provision(cluster).then(
      () => true,
      () => false,
    )
    expect(cluster.state.pools.has('firedrill-five')).toBe(stands)
    const left = stands ? await teardownLab(cluster.site('five'), scopeOf(fivePlan())) : []
    expect(left).toEqual([])
    expect(snapshotOf(cluster.state)).toEqual(before)
  })

  test.each(everyCall)('killed at call %i: lab down leaves the cluster as it was', async (atCall) => {
    const cluster = fakeCluster()
    const before = snapshotOf(cluster.state)
    cluster.failure = { atCall, effect, dead: true }
    await provision(cluster).catch(() => {})
    expect(await teardownLab(cluster.site('five'), { ...scopeOf(fivePlan()), breakLock: true })).toEqual([])
    expect(snapshotOf(cluster.state)).toEqual(before)
  })

  test.each(everyCall)('interrupted at call %i: the cluster is as it was', async (atCall) => {
    const cluster = fakeCluster()
    const before = snapshotOf(cluster.state)
    const interruption = new AbortController()
    cluster.pause = () => {
      if (cluster.calls.length >= atCall) interruption.abort(new Error('interrupted'))
      return Promise.resolve()
    }
    await expect(provision(cluster, fivePlan(), interruption.signal)).rejects.toThrow('interrupted')
    expect(snapshotOf(cluster.state)).toEqual(before)
  })
})

test.each(everyCall)('a lock in the way of call %i is waited for', async (atCall) => {
  const counted = fakeCluster()
  await provision(counted)
  const overSsh = ['ssh', 'setUp'].includes(counted.calls[atCall - 1] ?? '')
  const cluster = fakeCluster()
  cluster.failure = { atCall, effect: 'before', dead: false, ...(overSsh ? {} : { kind: 'locked' as const }) }
  const end = provision(cluster).then(
    () => 'stands',
    () => 'failed',
  )
  expect(await end).toBe(counted.calls[atCall - 1] === 'setUp' ? 'failed' : 'stands')
})

test('a clone that met a lock half-way is deleted before it is tried again', async () => {
  const counted = fakeCluster()
  await provision(counted)
  const cluster = fakeCluster()
  const atCall = counted.calls.indexOf('clone') + 1
  cluster.failure = { atCall, effect: 'after', dead: false, kind: 'cluster-lock' }
  await provision(cluster)
  expect(cluster.calls.filter((name) => name === 'clone')).toHaveLength(6)
  expect(cluster.calls.filter((name) => name === 'destroy')).toHaveLength(1)
})

test('killed anywhere, with calls in any order, nothing is left and nothing foreign is touched', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: calls }),
      fc.constantFrom('before' as const, 'after' as const),
      fc.boolean(),
      fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 200 }),
      async (atCall, effect, dead, turns) => {
        const cluster = fakeCluster()
        const before = snapshotOf(cluster.state)
        let next = 0
        cluster.pause = async () => {
          const wait = turns[next++ % turns.length] ?? 0
          for (let turn = 0; turn < wait; turn++) await new Promise((resolve) => setImmediate(resolve))
        }
        cluster.failure = { atCall, effect, dead }
        await provision(cluster).catch(() => {})
        expect(await teardownLab(cluster.site('five'), scopeOf(fivePlan()))).toEqual([])
        expect(snapshotOf(cluster.state)).toEqual(before)
        expect(cluster.most['clone'] ?? 0).toBeLessThanOrEqual(2)
      },
    ),
    { numRuns: 150 },
  )
})

test('instances side by side share nothing, and each is taken down alone', async () => {
  const cluster = fakeCluster()
  const before = snapshotOf(cluster.state)
  const plans = [fivePlan(0), fivePlan(1), fivePlan(2)]
  await Promise.all(plans.map((plan) => provision(cluster, plan)))
  const own = [...cluster.state.vms.values()].filter(({ pool }) => pool?.startsWith('firedrill-') === true)
  const macs = own.map(({ settings }) => settings['net1']).filter((nic) => nic !== undefined)
  expect(own).toHaveLength(15)
  expect(new Set(macs).size).toBe(macs.length)
  expect(new Set([...cluster.state.vnets.values()].map(({ tag }) => tag)).size).toBe(13)
  expect(await teardownLab(cluster.site('five'), scopeOf(fivePlan(0)))).toEqual([])
  const left = [...cluster.state.vms.values()].filter(({ pool }) => pool?.startsWith('firedrill-') === true)
  expect(left.map(({ name }) => name.startsWith('five-i'))).toEqual(Array.from({ length: 10 }, () => true))
  expect([...cluster.state.volumes].filter((volume) => volume.includes('five-i'))).toHaveLength(4)
  for (const plan of plans.slice(1)) expect(await teardownLab(cluster.site(plan.label), scopeOf(plan))).toEqual([])
  expect(snapshotOf(cluster.state)).toEqual(before)
})

test('a lab that somebody has is refused with the owner, and stays as it is', async () => {
  const cluster = fakeCluster()
  await provision(cluster)
  const before = snapshotOf(cluster.state)
  await expect(provision(cluster)).rejects.toThrow('anna@desk (process 4711) since 2026-01-02T03:04:05.000Z')
  expect(snapshotOf(cluster.state)).toEqual(before)
})

test('of two runs that want the same lab at the same time exactly one gets it', async () => {
  const cluster = fakeCluster()
  const site = cluster.site('five')
  const other = { ...owner, pid: 4712 }
  const ends = await Promise.allSettled([
    provision(cluster),
    provisionLab(site, fivePlan(), { owner: other, access: accessTo(fivePlan()) }, never),
  ])
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(cluster.state.pools.has('firedrill-five')).toBe(true)
})

test.each([
  ['a cluster without quorum', (cluster: FakeCluster) => (cluster.health.quorate = false), 'no quorum'],
  [
    'a node that is offline',
    (cluster: FakeCluster) => (cluster.health.online = false),
    'pve1 of cluster lab is offline',
  ],
  [
    'a token without a right',
    (cluster: FakeCluster) => (cluster.rights = cluster.rights.filter((each) => each !== 'SDN.Allocate')),
    'the token lacks SDN.Allocate on /sdn and 2 paths more; firedrill doctor',
  ],
  ['a missing template', (cluster: FakeCluster) => cluster.state.vms.delete(9002), 'template named firedrill-client'],
  ['a VMID that is taken', (cluster: FakeCluster) => addVm(cluster.state, 9103, 'dns'), 'VMID 9103 belongs to VM dns'],
  [
    'a vnet that is there',
    (cluster: FakeCluster) =>
      cluster.state.vnets.set('fd66', { vnet: 'fd66', zone: 'prod', tag: 66, alias: 'cameras' }),
    'vnet fd66 is there already (cameras)',
  ],
])('%s is refused before anything is created', async (_what, prepare, message) => {
  const cluster = fakeCluster()
  prepare(cluster)
  await expect(provision(cluster)).rejects.toThrow(message)
  expect(cluster.calls).toEqual([])
})

test('everything that stands in the way is said at once', async () => {
  const cluster = fakeCluster()
  addVm(cluster.state, 9103, 'dns')
  cluster.state.vms.delete(9002)
  const error = await provision(cluster).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ exitCode: 69 })
  expect(String(error).split('\n')).toHaveLength(2)
})

test('a teardown goes on after a failure, says what is left, and keeps the pool so that it can be found again', async () => {
  const cluster = fakeCluster()
  const before = snapshotOf(cluster.state)
  await provision(cluster)
  cluster.failure = { atCall: cluster.calls.length + 2, effect: 'before', dead: false }
  const left = await teardownLab(cluster.site('five'), scopeOf(fivePlan()))
  expect(left).toEqual([
    expect.stringMatching(/^VM 910\d \(five-\w+\): destroy failed$/),
    'pool firedrill-five, until the rest is gone',
  ])
  expect([...cluster.state.zones.keys()]).toEqual(['prod'])
  expect(await teardownLab(cluster.site('five'), scopeOf(fivePlan()))).toEqual([])
  expect(snapshotOf(cluster.state)).toEqual(before)
})

test('after a run that died with the SDN locked, the lock is broken even where no network was made', async () => {
  const cluster = fakeCluster()
  cluster.failure = { atCall: 2, effect: 'before', dead: true }
  await provision(cluster).catch(() => {})
  const before = cluster.calls.length
  await teardownLab(cluster.site('five'), { ...scopeOf(fivePlan()), breakLock: true })
  expect(cluster.calls.slice(before)).toContain('removeNetworks')
})

test('a VM that somebody put into the pool is never deleted', async () => {
  const cluster = fakeCluster()
  await provision(cluster)
  addVm(cluster.state, 200, 'dns', { pool: 'firedrill-five' })
  expect(await teardownLab(cluster.site('five'), scopeOf(fivePlan()))).toEqual([
    'VM 200 (dns), which is no machine of this lab',
    'pool firedrill-five, until the rest is gone',
  ])
  expect(cluster.state.vms.has(200)).toBe(true)
})

test('labs whose names begin alike keep apart', async () => {
  const cluster = fakeCluster()
  await provision(cluster, fivePlan(1, 'five-a'))
  const before = snapshotOf(cluster.state)
  const short = fivePlan(0, 'five')
  await provision(cluster, short)
  expect(await teardownLab(cluster.site('five'), scopeOf(short))).toEqual([])
  expect(snapshotOf(cluster.state)).toEqual(before)
})
