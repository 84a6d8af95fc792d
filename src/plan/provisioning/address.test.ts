import { expect, test } from 'vitest'
import { contains, maskOf, subnetOf } from './address.ts'

test.each([
  ['10.102.0.2/24', '10.102.0.0/24'],
  ['203.0.113.4/28', '203.0.113.0/28'],
  ['172.16.255.2/30', '172.16.255.0/30'],
  ['2001:db8:1:2::254/64', '2001:db8:1:2::/64'],
  ['2001:db8::1/32', '2001:db8::/32'],
  ['2001:db8:0:1:2:3:4:5/127', '2001:db8:0:1:2:3:4:4/127'],
])('%s lies in %s', (address, subnet) => {
  expect(subnetOf(address)).toBe(subnet)
})

test('an address is beside one of its own family only', () => {
  expect(contains('203.0.113.2/28', '203.0.113.1')).toBe(true)
  expect(contains('203.0.113.2/28', '203.0.113.17')).toBe(false)
  expect(contains('2001:db8:1:1::2/64', '2001:db8:1:1::1')).toBe(true)
  expect(contains('2001:db8:1:1::2/64', '2001:db8:1:2::1')).toBe(false)
  expect(contains('203.0.113.2/28', '2001:db8::1')).toBe(false)
})

test('a prefix is a mask', () => {
  expect(['10.8.0.1/24', '10.0.0.1/30', '10.0.0.1/0'].map(maskOf)).toEqual([
    '255.255.255.0',
    '255.255.255.252',
    '0.0.0.0',
  ])
})
