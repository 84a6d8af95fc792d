import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedLab, startEmbeddedLab } from './fixture/embedded-lab.ts'
import { type ProxmoxVe, connectProxmox } from './proxmox.ts'

const { signal } = new AbortController()
const clock = {
  nowMs: () => performance.now(),
  sleep: async (ms: number, stop: AbortSignal) => await delay(ms, undefined, { signal: stop }),
}
const pool = 'firedrill-one'
const ends = [
  { vmid: 9900, name: 'one-left', node: 'pve1', address: '172.16.0.1' },
  { vmid: 9901, name: 'one-right', node: 'pve2', address: '172.16.0.2' },
]
const tunnel = { vnet: 'fd2000', zone: 'fd0x', tag: 2000, alias: 'firedrill one lan' }
const local = { vnet: 'fd2001', zone: 'fdhere', tag: 2001, alias: 'firedrill one local' }
let lab: EmbeddedLab
let driver: ProxmoxVe
let peers: string[]

beforeAll(async () => {
  lab = await startEmbeddedLab('--nodes', '2')
  driver = await connectProxmox({ target: lab.target, lab: { name: 'one', machines: ['left', 'right'] }, clock })
  peers = (await driver.cluster.nodes(signal)).flatMap(({ address }) => address ?? [])
  await driver.pools.createPool(pool, 'of a test', signal)
})

afterAll(async () => {
  await driver.close()
  await lab.end()
})

async function makeEnd({ vmid, name, node, address }: (typeof ends)[number]): Promise<void> {
  const template = (await driver.vms.list(signal)).find((vm) => vm.name === 'firedrill-client')?.vmid ?? 0
  await driver.vms.clone({ vmid, name, template, pool, storage: null, node }, signal)
  const drive = { ide2: 'local:cloudinit', ipconfig0: `ip=${address}/24`, ciuser: 'root' }
  const net0 = `virtio=BC:24:11:00:99:0${vmid % 10},bridge=${tunnel.vnet},firewall=0`
  await driver.vms.configure(vmid, { tags: 'firedrill;one', agent: 'enabled=1', net0, ...drive }, signal)
  await driver.start(name.slice('one-'.length), signal)
  await expect.poll(async () => await driver.agent.ping(vmid, signal)).toBe(true)
}

/** Whether a ping with so many bytes of payload, in one piece, reaches the right end from the left one. */
async function crosses(bytes: number): Promise<boolean> {
  const ping = ['ping', '-c', '1', '-W', '1', '-M', 'do', '-s', String(bytes), '172.16.0.2']
  return (await driver.agent.exec(9900, ping, signal)).exitCode === 0
}

test('a tunnel between the nodes carries whole frames from a VM on one to a VM on the other, and goes with them', async () => {
  expect(peers).toHaveLength(2)
  const zone = { zone: tunnel.zone, peers }
  await driver.sdn.create({ zone, vnets: [tunnel] }, signal)
  expect(await driver.sdn.zones(signal)).toMatchObject([zone])
  await Promise.all(ends.map(makeEnd))
  const made = (await driver.vms.list(signal)).filter((vm) => vm.pool === pool)
  expect(made.toSorted((a, b) => a.vmid - b.vmid)).toMatchObject(
    ends.map(({ vmid, name, node }) => ({ vmid, name, node, status: 'running' })),
  )
  await expect.poll(async () => await crosses(56)).toBe(true)
  expect(await crosses(1500 - 28)).toBe(true)
  await Promise.all(ends.map(async ({ vmid }) => await driver.vms.destroy(vmid, signal)))
  await driver.sdn.remove({ zone: tunnel.zone, vnets: [tunnel.vnet] }, signal)
  expect(await driver.sdn.zones(signal)).toEqual([])
})

test('the key of a tunnel is taken in all zones, and a zone of one node is on that node only', async () => {
  await driver.sdn.create({ zone: { zone: tunnel.zone, peers }, vnets: [tunnel] }, signal)
  const taken = { ...local, tag: tunnel.tag }
  await expect(
    driver.sdn.create({ zone: { zone: local.zone, peers, nodes: ['pve1'] }, vnets: [taken] }, signal),
  ).rejects.toThrow(/vxlan tag 2000 already exist in vnet fd2000 in zone fd0x/)
  await driver.sdn.create({ zone: { zone: local.zone, peers, nodes: ['pve1'] }, vnets: [local] }, signal)
  const on = async (node: string) => await lab.call('GET', `/nodes/${node}/sdn/zones/${local.zone}/content`)
  expect(await on('pve1')).toMatchObject([{ vnet: local.vnet, status: 'available' }])
  expect(await on('pve2')).toEqual([])
  await driver.sdn.remove({ zone: local.zone, vnets: [local.vnet] }, signal)
  await driver.sdn.remove({ zone: tunnel.zone, vnets: [tunnel.vnet] }, signal)
  expect(await driver.sdn.vnets(signal)).toEqual([])
})
