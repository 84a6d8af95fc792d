import { beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../model/failure.ts'
import type { HaState } from '../model/ha-state.ts'
import { labSchema } from '../model/lab.ts'
import type { FirewallRoles } from '../ports/firewall.ts'
import { carpMaintenance } from './carp-maintenance.ts'
import type { FaultTools } from './fault.ts'

const lab = labSchema.parse({
  lab: 'two',
  networks: { lan: { vlan: 102, subnet: '10.102.0.0/24' } },
  machines: { fw1: { image: 'opnsense-25.7', nics: { lan: '10.102.0.2/24' } } },
  pair: {
    primary: 'fw1',
    secondary: 'fw1',
    vips: [{ network: 'lan', vhid: 1, address: '10.102.0.1/24', skew: {}, password: 'x' }],
  },
})

let node: { flag: boolean; demotion: number; advskew: number }
let used: string[]
let product: 'OPNsense' | 'pfSense'

beforeEach(() => {
  node = { flag: false, demotion: 0, advskew: 0 }
  used = []
  product = 'OPNsense'
})

function turn(on: boolean, via: string) {
  used.push(`${on ? 'enter' : 'leave'} via ${via}`)
  node.flag = on
  if (product === 'OPNsense') node.demotion = on ? 240 : 0
  else node.advskew = on ? 254 : 0
  return Promise.resolve({ sentMs: 1, ackedMs: 2 })
}

const haReader = {
  read: (): Promise<HaState> =>
    Promise.resolve({
      vhids: [{ vhid: 1, nic: 'vtnet0', state: 'MASTER', advbase: 1, advskew: node.advskew }],
      demotion: node.demotion,
      allow: true,
      preempt: true,
      syncOk: true,
      maintenance: node.flag,
      problem: null,
    }),
}

const rolesVia = (via: string): FirewallRoles => ({
  haReader,
  maintenance: { enter: () => turn(true, via), leave: () => turn(false, via) },
})

const none = () => Promise.reject(new Error('not asked here'))
const toolsWith = (firewall: FaultTools['firewall']): FaultTools => ({
  hypervisor: { version: none, powerState: none, stop: none, start: none },
  nics: { readNic: none, writeNic: none },
  haReader,
  firewall,
  shell: { run: none },
  clock: { nowMs: () => 0, sleep: () => Promise.resolve() },
  firewalls: ['fw1'],
  signal: new AbortController().signal,
})
const tools = toolsWith((via) => rolesVia(via ?? 'the best'))
const aim = (params: object = {}) => ({ machines: ['fw1'], params: { on: '$master', ...params } })

test.each(['OPNsense', 'pfSense'] as const)(
  '%s is in it by flag and by what holds it back, and out of it by both',
  async (which) => {
    product = which
    expect(await carpMaintenance.prepare?.(aim(), lab, tools)).toEqual(aim())
    await carpMaintenance.begin(aim(), tools)
    expect(await carpMaintenance.verifyBegun(aim(), tools)).toMatchObject({ proven: true })
    await carpMaintenance.heal(aim(), tools)
    expect(await carpMaintenance.verifyHealed(aim(), tools)).toMatchObject({
      proven: true,
      evidence: 'fw1: maintenance flag not set, demotion 0, skews 1: 0',
    })
  },
)

test('a flag without its effect is no proven fault, and a demotion that stays is not healed', async () => {
  node = { flag: true, demotion: 0, advskew: 0 }
  expect(await carpMaintenance.verifyBegun(aim(), tools)).toMatchObject({ proven: false })
  node = { flag: false, demotion: 240, advskew: 0 }
  expect(await carpMaintenance.verifyHealed(aim(), tools)).toMatchObject({ proven: false })
})

test('it goes the way that the scenario names, and heals over SSH where that way is not to be had', async () => {
  await carpMaintenance.begin(aim({ via: 'webgui' }), tools)
  await carpMaintenance.heal(aim({ via: 'webgui' }), tools)
  const withoutWebGui = toolsWith((via) => {
    if (via === 'webgui') throw new HarnessError('wrong password', { exitCode: 69, kind: 'unauthenticated' })
    return rolesVia(via ?? 'the best')
  })
  await expect(async () => await carpMaintenance.begin(aim({ via: 'webgui' }), withoutWebGui)).rejects.toThrow(
    'wrong password',
  )
  await carpMaintenance.heal(aim({ via: 'webgui' }), withoutWebGui)
  expect(used).toEqual(['enter via webgui', 'leave via webgui', 'leave via ssh'])
})

test('a firewall that is in it already is no subject for a drill', async () => {
  node = { flag: true, demotion: 240, advskew: 0 }
  await expect(carpMaintenance.prepare?.(aim(), lab, tools)).rejects.toThrow(
    'expected fw1 outside maintenance mode, as it should be before a drill',
  )
})

test('it is not left while something else demotes the firewall, whose end would then leave it below nothing', async () => {
  node = { flag: true, demotion: 480, advskew: 0 }
  let sleeps = 0
  const sleep = () => {
    sleeps += 1
    if (sleeps === 3) node.demotion = 240
    return Promise.resolve()
  }
  const clock = { nowMs: () => sleeps * 500, sleep }
  await carpMaintenance.heal(aim(), { ...tools, clock })
  expect({ sleeps, demotion: node.demotion }).toEqual({ sleeps: 3, demotion: 0 })
})
