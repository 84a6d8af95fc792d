import { expect, test } from 'vitest'
import { destinationsOf } from './destination.ts'
import type { Lab } from './lab.ts'

const vip = { advbase: 1, skew: { fw1: 0, fw2: 100 }, password: 'x' }
const lab: Lab = {
  lab: 'pair',
  networks: { lan: { vlan: 102, subnet: '10.0.0.0/24' }, wan: { vlan: 101, subnet: '203.0.113.0/28' } },
  machines: {
    fw1: { image: 'x', nics: { wan: { dhcp: true }, lan: '10.0.0.2/24' } },
    client: { image: 'client', nics: { lan: ['10.0.0.10/24', '2001:db8::10/64'] } },
    leased: { image: 'client', nics: { lan: { dhcp: true } } },
    vpn: { image: 'vpn-endpoint', nics: { wan: '203.0.113.9/28' }, vpn: { tunnel: '10.8.0.1/24', port: 1194 } },
  },
  pair: {
    primary: 'fw1',
    secondary: 'fw2',
    preempt: true,
    wanHook: false,
    forwards: [{ network: 'wan', protocol: 'tcp', port: 2222, to: 'client:22' }],
    vips: [
      { ...vip, network: 'wan', vhid: 1, address: '203.0.113.4/28' },
      { ...vip, network: 'lan', vhid: 2, address: '10.0.0.1/24' },
      { ...vip, network: 'lan', vhid: 3, address: '2001:db8::1/64' },
    ],
  },
}

test('machines, shared addresses, forwarded ports and tunnels are destinations', () => {
  expect(destinationsOf(lab, 4)).toEqual({
    fw1: { address: '10.0.0.2', port: null, machine: 'fw1' },
    client: { address: '10.0.0.10', port: null, machine: 'client' },
    vpn: { address: '203.0.113.9', port: null, machine: 'vpn' },
    'tunnel:vpn': { address: '10.8.0.1', port: null, machine: 'vpn' },
    'vip:wan': { address: '203.0.113.4', port: null, machine: null },
    'vip:1': { address: '203.0.113.4', port: null, machine: null },
    'vip:lan': { address: '10.0.0.1', port: null, machine: null },
    'vip:2': { address: '10.0.0.1', port: null, machine: null },
    'forward:2222': { address: '203.0.113.4', port: 2222, machine: 'client' },
  })
})

test('of IPv6 there is what has an address of it', () => {
  expect(destinationsOf(lab, 6)).toEqual({
    client: { address: '2001:db8::10', port: null, machine: 'client' },
    'vip:lan': { address: '2001:db8::1', port: null, machine: null },
    'vip:3': { address: '2001:db8::1', port: null, machine: null },
  })
})
