import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLab } from '../../plan/lab-file.ts'
import { callLine } from '../../plan/provisioning/call.ts'
import { provisioningCalls } from '../../plan/provisioning/calls.ts'
import { shownMaterial } from '../../plan/provisioning/material.ts'
import { placeOf } from '../../plan/provisioning/place.ts'
import { planProvisioning } from '../../plan/provisioning/plan.ts'
import type { ProvisioningPlan } from '../../plan/provisioning/plan.ts'
import { addVm, snapshotOf } from './cluster-state.fixture.ts'
import { fakeCluster } from './fake-cluster.fixture.ts'
import { accessTo, owner } from './five-plan.fixture.ts'
import { provisionLab } from './provision-lab.ts'
import type { Site } from './site.ts'
import { scopeOf, teardownLab } from './teardown-lab.ts'

const never = new AbortController().signal
const file = join(import.meta.dirname, '../../../lab/topologies/pfsense-ovs-vxlan.yaml')
const both = [
  { node: 'pve1', online: true, address: '192.0.2.1' },
  { node: 'pve2', online: true, address: '192.0.2.2' },
]

test('machines of the second node are cloned there, with their discs, and the tunnel joins both nodes', async () => {
  const { cluster, site, plan } = staged(both)
  const uploads: (string | undefined)[] = []
  site.isos.upload = (storage, name, _image, _signal, node) => {
    cluster.state.volumes.add(`${storage}:iso/${name}`)
    uploads.push(node)
    return Promise.resolve(name)
  }
  await provisionLab(site, plan, { owner, access: accessTo(plan) }, never)
  const nodes = [...cluster.state.vms.values()].filter(({ pool }) => pool === plan.pool)
  expect(Object.fromEntries(nodes.map(({ name, node }) => [name.slice(plan.label.length + 1), node]))).toEqual({
    isp: 'pve1',
    fw1: 'pve1',
    fw2: 'pve2',
    client: 'pve1',
    client2: 'pve2',
    target: 'pve1',
  })
  expect([uploads.length, new Set(uploads)]).toEqual([2, new Set(['pve1', 'pve2'])])
  expect(cluster.state.zones.get('fd0x')).toEqual({ zone: 'fd0x', peers: ['192.0.2.1', '192.0.2.2'] })
  expect(cluster.state.vnets.get('fd2000')).toMatchObject({ zone: 'fd0x', tag: 2000 })
  expect(cluster.state.vnets.get('fd130')).toMatchObject({ zone: 'fd0' })
})

test('both zones and the discs of both nodes are gone after the teardown', async () => {
  const { cluster, site, plan } = staged(both)
  const before = snapshotOf(cluster.state)
  await provisionLab(site, plan, { owner, access: accessTo(plan) }, never)
  expect(await teardownLab(site, scopeOf(plan))).toEqual([])
  expect(snapshotOf(cluster.state)).toEqual(before)
})

test('without a second node that is online nothing is created', async () => {
  const [own] = both
  const { cluster, site, plan } = staged(own === undefined ? [] : [own])
  await expect(provisionLab(site, plan, { owner, access: accessTo(plan) }, never)).rejects.toThrow(
    'machine fw2 lives on a second node: expected one that is online beside pve1, got pve1',
  )
  expect(cluster.calls).toEqual([])
})

test('the plan shows node, peers and zone of each call', () => {
  const lines = provisioningCalls(staged(both).plan).map(callLine).join('\n')
  expect(lines).toContain('POST /cluster/sdn/zones type=vxlan peers=192.0.2.1,192.0.2.2 zone=fd0x')
  expect(lines).toMatch(/qemu\/\{vmid of firedrill-pfsense-2-8\}\/clone newid=9102 \S+ \S+ target=pve2/)
  expect(lines).toContain('POST /nodes/pve2/storage/local/upload')
  expect(lines).toContain('POST /nodes/pve2/qemu/9102/config')
})

function staged(members: typeof both): { cluster: ReturnType<typeof fakeCluster>; site: Site; plan: ProvisioningPlan } {
  const cluster = fakeCluster()
  addVm(cluster.state, 9010, 'firedrill-pfsense-2-8', { isTemplate: true })
  const plan = planOf(members)
  const site = cluster.site(plan.label)
  return { cluster, plan, site: { ...site, cluster: { ...site.cluster, nodes: () => Promise.resolve(members) } } }
}

function planOf(members: typeof both): ProvisioningPlan {
  const reading = readLab(readFileSync(file, 'utf8'), file)
  if ('mistakes' in reading) throw new Error(JSON.stringify(reading.mistakes))
  const place = placeOf({ node: 'pve1' }, 0, { major: 9, minor: 1 }, members)
  return planProvisioning(reading.lab, place, shownMaterial(['carp']))
}
