import { beforeEach, expect, test } from 'vitest'
import type { HaState } from '../model/ha-state.ts'
import type { FirewallRoles } from '../ports/firewall.ts'
import { play, toolsOver } from './fake-site.fixture.ts'

let carp: { allow: boolean; state: 'MASTER' | 'BACKUP' }
let pf: boolean
let password: string
let refused: number

beforeEach(() => {
  carp = { allow: true, state: 'MASTER' }
  pf = true
  password = 'right'
  refused = 5
})

const interval = { sentMs: 0, ackedMs: 0 }
const does = (change: () => void) => () => {
  change()
  return Promise.resolve(interval)
}
const haReader = {
  read: (): Promise<HaState> =>
    Promise.resolve({
      vhids: carp.allow ? [{ vhid: 1, nic: 'vtnet1', state: carp.state, advbase: 1, advskew: 0 }] : [],
      demotion: 0,
      allow: carp.allow,
      preempt: true,
      syncOk: true,
      maintenance: false,
      problem: null,
    }),
}
const roles: FirewallRoles = {
  haReader,
  carpSwitch: { disable: does(() => (carp.allow = false)), enable: does(() => (carp.allow = true)) },
  carpOverride: { forceBackup: does(() => (carp.state = 'BACKUP')), clearDemotion: does(() => undefined) },
  filter: {
    disable: does(() => (pf = false)),
    enable: does(() => (pf = true)),
    isEnabled: () => Promise.resolve(pf),
  },
}

/** A firewall's shell: while the password differs, each look finds another advertisement refused. */
function answer(_: string, command: string): string {
  if (command.includes('pass firedrill-other')) password = 'other'
  else if (command.includes('awk')) password = 'right'
  if (password === 'other') refused += 1
  return command.startsWith('netstat') ? `\t\t${refused} discarded for bad authentication\n` : ''
}
const tools = (given: FirewallRoles = roles) => toolsOver(answer, { haReader, firewall: () => given })

test.each(['carp-disable', 'pf-disable', 'carp-force-backup'])(
  '%s is seen, and healed as often as asked',
  async (kind) => {
    expect(await play(kind, { on: 'fw1' }, tools())).toMatchObject({ begun: true, healed: true })
    expect({ allow: carp.allow, pf }).toEqual({ allow: true, pf: true })
  },
)

test.each(['carp-disable', 'pf-disable', 'carp-force-backup'])('%s that never began is not believed', async (kind) => {
  expect((await play(kind, { on: 'fw1' }, tools(), false)).begun).toBe(false)
})

test('what is off already is no subject for a drill', async () => {
  pf = false
  await expect(play('pf-disable', { on: 'fw1' }, tools())).rejects.toThrow('as it should be before pf-disable')
})

test('a firewall that has no such switch makes it unknown', async () => {
  await expect(play('pf-disable', { on: 'fw1' }, tools({ haReader }))).rejects.toThrow('with filter, came none')
})

test('a password that differs is believed by refused advertisements, and no secret is in the journal', async () => {
  const aim = { on: 'fw1', network: 'lan' }
  const { ready, ...seen } = await play('carp-password', aim, tools())
  expect(seen).toMatchObject({ begun: true, healed: true })
  expect(JSON.stringify(ready)).not.toContain('password')
  expect((await play('carp-password', aim, tools(), false)).begun).toBe(false)
  await expect(play('carp-password', { on: 'fw1', network: 'wan' }, tools())).rejects.toThrow('with a CARP address')
})
