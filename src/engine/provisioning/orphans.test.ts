import { expect, test } from 'vitest'
import { addVm } from './cluster-state.fixture.ts'
import { fakeCluster } from './fake-cluster.fixture.ts'
import { accessTo, fivePlan, owner } from './five-plan.fixture.ts'
import type { FakeCluster } from './fake-cluster.fixture.ts'
import { findOrphans } from './orphans.ts'
import { provisionLab } from './provision-lab.ts'

const never = new AbortController().signal
const dead = () => Promise.resolve('dead' as const)

const find = (cluster: FakeCluster, liveness: Parameters<typeof findOrphans>[2] = dead) =>
  findOrphans(cluster.site('five'), 9100, liveness, never)

const provision = (cluster: FakeCluster, instance: number, isKept = false) => {
  const plan = fivePlan(instance)
  return provisionLab(cluster.site(plan.label), plan, { owner, access: accessTo(plan), isKept }, never)
}

test('labs whose process is gone are orphans, the others are not', async () => {
  const cluster = fakeCluster()
  await provision(cluster, 0)
  await provision(cluster, 1, true)
  expect(await find(cluster)).toEqual([{ label: 'five', instance: 0, owner: { ...owner }, liveness: 'dead' }])
  expect(await find(cluster, () => Promise.resolve('alive'))).toEqual([])
  expect(await find(cluster, () => Promise.resolve('unknown'))).toMatchObject([{ label: 'five', liveness: 'unknown' }])
})

test('a lab that was to be kept but was killed half-way is an orphan', async () => {
  const cluster = fakeCluster()
  cluster.failure = { atCall: 12, effect: 'after', dead: true }
  await provision(cluster, 0, true).catch(() => {})
  expect(await find(cluster)).toMatchObject([{ label: 'five', liveness: 'dead' }])
})

test('VMs and vnets with our marks but without a pool are orphans', async () => {
  const cluster = fakeCluster()
  addVm(cluster.state, 9121, 'Five-fw1', { tags: ['firedrill', 'five'] })
  addVm(cluster.state, 9122, 'five-x-fw1', { tags: ['someone', 'five'] })
  cluster.state.vnets.set('fd9', { vnet: 'fd9', zone: 'fd0', tag: 9, alias: 'firedrill six-i3 lan' })
  addVm(cluster.state, 9123, 'Five-i2-fw2', { tags: ['firedrill', 'five'] })
  expect((await find(cluster)).map(({ label }) => label)).toEqual(['Five-i2', 'six-i3'])
})

test('a pool without a readable owner is named, not judged', async () => {
  const cluster = fakeCluster()
  cluster.state.pools.set('firedrill-old', 'made by hand')
  expect(await find(cluster)).toEqual([{ label: 'old', instance: 0, owner: null, liveness: 'unknown' }])
})
