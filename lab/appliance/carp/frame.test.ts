import { expect, it } from 'vitest'
import { advertisementFrame, announcementFrame, frameBytes } from './frame.ts'
import { internetChecksum } from './packet.ts'

const packet = Buffer.alloc(36, 0x21)

it('an advertisement leaves from the virtual MAC to the group, TTL 255, with a good header', () => {
  const frame = advertisementFrame(7, '10.102.0.2', packet)
  expect(frame.subarray(0, 14).toString('hex')).toBe('01005e00001200005e0001070800')
  expect(internetChecksum(frame.subarray(14, 34))).toBe(0)
  expect(frame.subarray(22, 24).toString('hex')).toBe('ff70')
  expect(frame.subarray(26, 34).toString('hex')).toBe('0a660002e0000012')
  expect(frame.subarray(34)).toEqual(packet)
})

it('from an IPv6 address it goes to ff02::12', () => {
  const frame = advertisementFrame(7, 'fe80::1', packet)
  expect(frame.subarray(0, 14).toString('hex')).toBe('33330000001200005e00010786dd')
  expect(frame.subarray(18, 22).toString('hex')).toBe('002470ff')
  expect(frame).toHaveLength(frameBytes.inet6)
})

it('an IPv4 address is announced by a request for itself, an IPv6 one by a neighbour advertisement', () => {
  const arp = announcementFrame(1, '10.102.0.1')
  expect(arp.subarray(0, 14).toString('hex')).toBe('ffffffffffff00005e0001010806')
  expect(arp.subarray(28, 42).toString('hex')).toBe('0a6600010000000000000a660001')
  const neighbour = announcementFrame(1, '2001:db8::1')
  expect(neighbour.subarray(54, 62).toString('hex')).toMatch(/^8800....a0000000$/)
  expect([arp, neighbour].map(({ length }) => length)).toEqual([frameBytes.inet, frameBytes.inet6])
})
