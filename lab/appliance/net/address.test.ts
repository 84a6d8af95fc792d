import { expect, it } from 'vitest'
import { addressBytes, linkLocalOf } from './address.ts'

const hex = (address: string): string => addressBytes(address).toString('hex')

it('an address becomes its bytes, however an IPv6 one is shortened', () => {
  expect(hex('203.0.113.4')).toBe('cb007104')
  expect(hex('2001:db8::1')).toBe('20010db8000000000000000000000001')
  expect(hex('::')).toBe('0'.repeat(32))
  expect(hex('fe80::')).toBe(`fe80${'0'.repeat(28)}`)
  expect(hex('1:2:3:4:5:6:7:8')).toBe('00010002000300040005000600070008')
  expect(hex('::ffff:10.0.0.1')).toBe('00000000000000000000ffff0a000001')
})

it('what is no address is refused', () => {
  expect(() => addressBytes('10.0.0')).toThrow('expected an IP address, got 10.0.0')
  expect(() => addressBytes('10.0.0.300')).toThrow('expected an IP address')
})

it('a link-local address is made of the MAC', () => {
  expect(linkLocalOf('bc:24:11:00:00:01')).toBe('fe80::be24:11ff:fe00:1')
})
