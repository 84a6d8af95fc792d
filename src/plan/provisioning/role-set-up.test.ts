import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLab } from '../lab-file.ts'
import { shownMaterial } from './material.ts'
import { roleSetUp } from './role-set-up.ts'

const labs = join(import.meta.dirname, '../../../lab/topologies')
const end = { certificate: 'certificate', key: 'key' }
const material = { ...shownMaterial([]), vpn: { ca: 'authority', client: end, server: end } }

test.each([
  [
    'a provider that leases',
    'opnsense-single-wan',
    'isp',
    'firedrill-isp --wan eth0 --uplink eth1 --lease 10.101.0.150 --router 10.101.0.254 --dns 192.168.66.1',
  ],
  ['a second provider', 'pfsense-dmz', 'lte', 'firedrill-isp --wan eth0 --uplink eth1'],
  [
    'a provider of IPv6 sends what is inside to the shared address',
    'opnsense-dual-vip',
    'isp',
    'firedrill-isp --wan eth0 --uplink eth1 --route 2001:db8:1:2::/64,2001:db8:1:1::4',
  ],
])('%s is told so', (_what, name, machine, command) => {
  expect(roleSetUp(labOf(name), machine, material, {}).map((step) => step.command)).toEqual([command])
})

test('a VPN endpoint gets its certificates before it is started, and none of them by the command line', () => {
  const steps = roleSetUp(labOf('pfsense-dmz'), 'vpn', material, {})
  expect(steps.map(({ input }) => input)).toEqual(['authority', 'certificate', 'key', ''])
  expect(steps.at(-1)?.command).toBe('firedrill-vpn --uplink eth0 --network 10.8.0.0 --mask 255.255.255.0 --port 1194')
  expect(steps[2]?.command).toContain('chmod 600 /etc/firedrill/vpn/server.key.new')
})

test('a client knows its target by its name and every address, of IPv6 too', () => {
  const steps = roleSetUp(labOf('opnsense-dual-vip'), 'client', material, { target: 'ssh-ed25519 AAAA' })
  expect(steps.map(({ input }) => input)).toContain('target,198.51.100.10,2001:db8:1:3::10 ssh-ed25519 AAAA\n')
})

function labOf(name: string) {
  const reading = readLab(readFileSync(join(labs, `${name}.yaml`), 'utf8'), name)
  if ('mistakes' in reading) throw new Error(JSON.stringify(reading.mistakes))
  return reading.lab
}
