import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeApi, type FakeApi } from '../../fixture/api.ts'
import { newVm } from '../../vm/vm.ts'

let api: FakeApi
beforeAll(async () => {
  api = await startFakeApi(['pve1', 'pve2'])
  const disk = { scsi0: 'local:9001/base-9001-disk-0.qcow2,size=4G', ide2: 'local:9001/vm-9001-cloudinit,media=cdrom' }
  for (const [vmid, config] of [
    [9001, { ...disk, template: '1' }],
    [9002, disk],
  ] as const) {
    const vm = newVm({ vmid, node: 'pve1', nicPrefix: 'eth', isBlank: false, config: { ...config } })
    vm.snapshots.set('before', { name: 'before', description: '', takenAt: 0, config: { ...config } })
    api.cluster.vms.set(vmid, vm)
  }
})
afterAll(() => api.close())

const feature = (vmid: number, query: string) => api.client.get(`/nodes/pve1/qemu/${vmid}/feature?feature=${query}`)

test.each([
  ['a template can be cloned linked', 9001, 'clone', 1],
  ['a snapshot of it cannot', 9001, 'clone&snapname=before', 0],
  ['a VM that is no template cannot', 9002, 'clone', 0],
  ['a VM can be copied', 9002, 'copy', 1],
  ['a VM can be snapshotted', 9002, 'snapshot', 1],
])('%s', async (_, vmid, query, hasFeature) => {
  expect(await feature(vmid, query)).toEqual({ hasFeature, nodes: ['pve1'] })
})

test('a VM without disks has every feature, on every node', async () => {
  expect(await feature(9101, 'clone')).toEqual({ hasFeature: 1, nodes: ['pve1', 'pve2'] })
})

test('an unknown feature and an unknown snapshot are refused', async () => {
  expect(await api.client.refusal('GET', '/nodes/pve1/qemu/9002/feature?feature=fly')).toMatchObject({ status: 400 })
  expect(
    (await api.client.refusal('GET', '/nodes/pve1/qemu/9002/feature?feature=copy&snapname=never')).reason,
  ).toContain(`snapshot 'never' does not exist`)
})
