import { expect, it } from 'vitest'
import { renderRules } from './rules.ts'

const nic = (key: string, device: string, address: string) => ({ key, description: key, device, address })
const interfaces = [
  nic('wan', 'vtnet0', 'dhcp'),
  nic('lan', 'vtnet1', '10.0.0.2/24'),
  nic('opt2', 'vtnet2', '10.1.0.2/24'),
]
const vip = {
  device: 'vtnet1',
  vhid: 7,
  address: '10.0.0.1/24',
  advbase: 1,
  advskew: 0,
  password: 'x',
  description: '',
}

it('everything but WAN may begin a state, the virtual MAC of a VHID included', () => {
  const rules = renderRules({ interfaces, vips: [vip], hostId: '01ab23cd' })
  expect(rules).toContain('iifname != { "vtnet1", "vtnet2", "carp7.1", "lo", "pfsync0" } drop')
})

it('a state begins with a SYN, carries the host id, and all else is dropped', () => {
  const rules = renderRules({ interfaces, vips: [], hostId: '01ab23cd' })
  expect(rules).toContain('tcp flags & (fin | syn | rst | ack) != syn drop')
  expect(rules).toContain('ct mark set 0x01ab23cd')
  expect(rules.match(/policy drop/g)).toHaveLength(2)
})
