import { expect, test } from 'vitest'
import { attachLab } from './attach-lab.ts'
import { addVm } from './cluster-state.fixture.ts'
import { fakeCluster } from './fake-cluster.fixture.ts'

const never = new AbortController().signal

const attach = (
  cluster: string,
  vmids: Record<string, number>,
  flags: { haManaged: boolean; isProtected: boolean },
) => {
  const fake = fakeCluster()
  addVm(fake.state, 105, 'opnsense-a')
  const site = fake.site('x')
  const reader = { ...site.cluster, protection: () => Promise.resolve(flags) }
  const machines = Object.fromEntries(Object.entries(vmids).map(([name, vmid]) => [name, { vmid }]))
  return attachLab({ vms: site.vms, cluster: reader }, { cluster, machines }, never)
}
const free = { haManaged: false, isProtected: false }

test('a VM that is nobody else’s business may be drilled', async () => {
  await expect(attach('lab', { fw1: 105 }, free)).resolves.toBeUndefined()
})

test.each([
  ['another cluster', 'prod', { fw1: 105 }, free, 'expected cluster prod, as the target file says, got lab'],
  ['a VM that is not there', 'lab', { fw1: 666 }, free, 'expected VM 666'],
  ['a template', 'lab', { fw1: 9001 }, free, 'is a template'],
  ['a VM that HA manages', 'lab', { fw1: 105 }, { ...free, haManaged: true }, 'VM 105 (opnsense-a) is managed by HA'],
  ['a protected VM', 'lab', { fw1: 105 }, { ...free, isProtected: true }, 'has protection: 1'],
])('%s is refused with the reason', async (_what, cluster, vmids, flags, message) => {
  await expect(attach(cluster, vmids, flags)).rejects.toThrow(message)
})
