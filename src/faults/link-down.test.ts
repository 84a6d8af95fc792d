import { beforeEach, expect, test } from 'vitest'
import { labSchema } from '../model/lab.ts'
import type { NicChanges } from '../ports/hypervisor.ts'
import type { FaultTools } from './fault.ts'
import { linkDown } from './link-down.ts'

const lab = labSchema.parse({
  lab: 'two',
  networks: { wan: { vlan: 101, subnet: '10.101.0.0/24' }, lan: { vlan: 102, subnet: '10.102.0.0/24' } },
  machines: {
    fw1: { image: 'opnsense-25.7', nics: { wan: { dhcp: true }, lan: '10.102.0.2/24' } },
    fw2: { image: 'opnsense-25.7', nics: { wan: { dhcp: true }, lan: '10.102.0.3/24' } },
    client: { image: 'client', nics: { lan: '10.102.0.50/24' } },
  },
  pair: {
    primary: 'fw1',
    secondary: 'fw2',
    vips: [{ network: 'lan', vhid: 1, address: '10.102.0.1/24', skew: { fw1: 0, fw2: 100 }, password: 'x' }],
  },
})

/** Links that are down, as `fw1/1`, at the hypervisor and as the guests see them. */
let down: Set<string>
let seenDown: Set<string>
let guestsSee: boolean
let writes: [string, number, NicChanges][]
let nowMs: number

beforeEach(() => {
  down = new Set()
  seenDown = new Set()
  guestsSee = true
  writes = []
  nowMs = 0
})

const none = () => Promise.reject(new Error('not asked here'))
const tools: FaultTools = {
  hypervisor: { version: none, powerState: none, stop: none, start: none },
  haReader: { read: none },
  firewall: () => {
    throw new Error('not asked here')
  },
  nics: {
    readNic: (machine, index) =>
      Promise.resolve({ model: 'virtio', mac: '', bridge: 'fd101', linkDown: down.has(`${machine}/${index}`) }),
    writeNic(machine, index, changes) {
      writes.push([machine, index, changes])
      for (const links of guestsSee ? [down, seenDown] : [down]) {
        if (changes.linkDown === true) links.add(`${machine}/${index}`)
        else links.delete(`${machine}/${index}`)
      }
      return Promise.resolve({ sentMs: 10, ackedMs: 30 })
    },
  },
  shell: {
    run(machine, command) {
      const isDown = seenDown.has(`${machine}/${/(\d+)(?:\/carrier)?$/.exec(command)?.[1]}`)
      if (command.startsWith('ifconfig')) return Promise.resolve(`\tstatus: ${isDown ? 'no carrier' : 'active'}\n`)
      return Promise.resolve(isDown ? '0\n' : '1\n')
    },
  },
  clock: { nowMs: () => nowMs, sleep: (ms) => Promise.resolve(void (nowMs += ms)) },
  firewalls: ['fw1', 'fw2'],
  signal: new AbortController().signal,
}

const aimAt = (machines: string[], network: string) => ({ machines, params: { on: '$master', network } })

test('the link of the named network goes and comes back, as the hypervisor and the guest say', async () => {
  const aim = await linkDown.prepare?.(aimAt(['fw1', 'client'], 'lan'), lab, tools)
  expect(aim?.params).toMatchObject({ nics: { fw1: 1, client: 0 } })
  if (aim === undefined) throw new Error('not prepared')
  expect(await linkDown.begin(aim, tools)).toEqual({ sentMs: 10, ackedMs: 30 })
  expect(await linkDown.verifyBegun(aim, tools)).toEqual({
    proven: true,
    evidence:
      'the hypervisor says link_down=1 for net1 of fw1, which sees "no carrier"; the hypervisor says link_down=1 for net0 of client, which sees "carrier 0"',
  })
  await linkDown.heal(structuredClone(aim), tools)
  expect(await linkDown.verifyHealed(aim, tools)).toMatchObject({ proven: true })
  expect(writes.map(([machine, index, changes]) => `${machine}/${index} ${changes.linkDown}`)).toEqual([
    'fw1/1 true',
    'client/0 true',
    'fw1/1 false',
    'client/0 false',
  ])
})

test('a link that the guest still sees is no proven fault, however often one looks', async () => {
  guestsSee = false
  const aim = await linkDown.prepare?.(aimAt(['fw1'], 'wan'), lab, tools)
  if (aim === undefined) throw new Error('not prepared')
  await linkDown.begin(aim, tools)
  expect(await linkDown.verifyBegun(aim, tools)).toEqual({
    proven: false,
    evidence: 'the hypervisor says link_down=1 for net0 of fw1, which sees "active"',
  })
  expect(nowMs).toBeGreaterThanOrEqual(5000)
})

test('a network without a NIC of the machine, and a link that is down already, are refused before anything changes', async () => {
  await expect(linkDown.prepare?.(aimAt(['client'], 'wan'), lab, tools)).rejects.toThrow(
    'expected client to have a NIC on wan, it has lan',
  )
  down.add('fw2/0')
  await expect(linkDown.prepare?.(aimAt(['fw2'], 'wan'), lab, tools)).rejects.toThrow('it is down already')
  expect(writes).toEqual([])
})
