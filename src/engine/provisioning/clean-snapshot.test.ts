import { expect, test } from 'vitest'
import { cleanSnapshot } from '../../plan/provisioning/names.ts'
import { returnToClean, takeCleanSnapshots } from './clean-snapshot.ts'
import { fakeCluster } from './fake-cluster.fixture.ts'
import { accessTo, fivePlan, owner } from './five-plan.fixture.ts'
import { provisionLab } from './provision-lab.ts'

const never = new AbortController().signal

function fakeSnapshots(taken: Map<number, string[]>, rolledBack: number[] = []) {
  return {
    snapshots: (vmid: number) => Promise.resolve(taken.get(vmid) ?? []),
    takeSnapshot: (vmid: number, name: string) => Promise.resolve(void taken.set(vmid, [name])),
    rollback: (vmid: number) => Promise.resolve(void rolledBack.push(vmid)),
    removeSnapshot: () => Promise.resolve(),
  }
}

test('every machine gets a clean snapshot once', async () => {
  const taken = new Map([[9101, [cleanSnapshot, 'by-hand']]])
  const lab = { label: 'five', machines: {}, vmids: { fw1: 9101, fw2: 9102 } }
  await takeCleanSnapshots({ ...fakeCluster().site('five'), snapshots: fakeSnapshots(taken) }, lab)
  expect([...taken]).toEqual([
    [9101, [cleanSnapshot, 'by-hand']],
    [9102, [cleanSnapshot]],
  ])
})

test('between trials every machine is rolled back, started and waited for', async () => {
  const cluster = fakeCluster()
  const plan = fivePlan()
  const site = cluster.site('five')
  const lab = await provisionLab(site, plan, { owner, access: accessTo(plan) }, never)
  const rolledBack: number[] = []
  const before = cluster.calls.length
  await returnToClean({ ...site, snapshots: fakeSnapshots(new Map(), rolledBack) }, lab, never)
  expect(rolledBack.toSorted((a, b) => a - b)).toEqual([9100, 9101, 9102, 9103, 9104])
  expect(cluster.calls.slice(before).toSorted()).toEqual([
    ...Array.from({ length: 5 }, () => 'ssh'),
    ...Array.from({ length: 5 }, () => 'start'),
  ])
})
