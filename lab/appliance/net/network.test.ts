import { expect, it } from 'vitest'
import { contains, maskOf, networkOf } from './network.ts'

it('a network is what is left of an address within the prefix', () => {
  expect(networkOf('10.0.1.77/24')).toBe('10.0.1.0/24')
  expect(networkOf('172.16.255.2/30')).toBe('172.16.255.0/30')
  expect(networkOf('203.0.113.4/32')).toBe('203.0.113.4/32')
  expect(networkOf('10.0.1.77/0')).toBe('0.0.0.0/0')
  expect(networkOf('2001:db8:1:2::254/64')).toBe('2001:db8:1:2:0:0:0:0/64')
})

it('a prefix length is also a mask', () => {
  expect(maskOf('10.0.1.2/24')).toBe('255.255.255.0')
  expect(maskOf('203.0.113.4/28')).toBe('255.255.255.240')
})

it('an address is in the network of its prefix only, and of its family', () => {
  expect(contains('203.0.113.0/28', '203.0.113.14')).toBe(true)
  expect(contains('203.0.113.0/28', '203.0.113.17')).toBe(false)
  expect(contains('2001:db8:1:1::2/64', '2001:db8:1:1::1')).toBe(true)
  expect(contains('0.0.0.0/0', '2001:db8::1')).toBe(false)
})
