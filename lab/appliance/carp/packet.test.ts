import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAdvertisement, encodeAdvertisement, internetChecksum, isAuthentic } from './packet.ts'

// Captured from ucarp 1.5.2: ucarp -v 1 -p firedrill -a 10.102.0.1 -k 0 -b 1
const key = { vhid: 1, password: 'firedrill', addresses: ['10.102.0.1'] }
const captured = [
  '210100070001 6b1b 8e841a58b00d26ac cb24eecbcd160b057dddfddc3bc581a16857c0bf',
  '210100070001 052a be61d614a5796541 d19cc46fe503c40d3d5e0b58769b3400757092ba',
].map((hex) => Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('an advertisement', () => {
  it('of ucarp is read and found authentic', () => {
    const [first] = captured
    expect(first && decodeAdvertisement(first)).toEqual({
      vhid: 1,
      advbase: 1,
      advskew: 0,
      counter: 10269362018524669612n,
    })
    expect(captured.map((packet) => isAuthentic(packet, key))).toEqual([true, true])
  })

  it('is made byte for byte as ucarp makes it', () => {
    const counter = 13718481324111127873n
    expect(encodeAdvertisement({ vhid: 1, advbase: 1, advskew: 0, counter }, key)).toEqual(captured[1])
  })

  it('is not authentic with another password, address list or VHID', () => {
    const packet = encodeAdvertisement({ vhid: 1, advbase: 1, advskew: 0, counter: 5n }, key)
    expect(isAuthentic(packet, { ...key, password: 'firedrilL' })).toBe(false)
    expect(isAuthentic(packet, { ...key, addresses: ['10.102.0.1', '10.102.0.4'] })).toBe(false)
    expect(isAuthentic(packet, { ...key, vhid: 2 })).toBe(false)
  })

  it('is signed over the addresses in ascending order, however they are listed', () => {
    const sorted = { ...key, addresses: ['9.0.0.1', '10.0.0.1', '203.0.113.4'] }
    const shuffled = { ...key, addresses: ['203.0.113.4', '9.0.0.1', '10.0.0.1'] }
    expect(isAuthentic(encodeAdvertisement({ vhid: 1, advbase: 1, advskew: 0, counter: 5n }, sorted), shuffled)).toBe(
      true,
    )
  })

  it('is signed over IPv6 addresses after those of IPv4, each once however it is written', () => {
    const written = { ...key, addresses: ['2001:db8::1', '203.0.113.4', '2001:db8:0:0::1'] }
    const packet = encodeAdvertisement({ vhid: 1, advbase: 1, advskew: 0, counter: 5n }, written)
    expect(isAuthentic(packet, { ...key, addresses: ['203.0.113.4', '2001:db8::1'] })).toBe(true)
    expect(isAuthentic(packet, { ...key, addresses: ['203.0.113.4'] })).toBe(false)
  })

  it('that is short, damaged or of another version is refused with the reason', () => {
    const packet = encodeAdvertisement({ vhid: 1, advbase: 1, advskew: 100, counter: 5n }, key)
    const vrrp = Buffer.from(packet)
    vrrp[0] = 0x31
    vrrp.writeUInt16BE(0, 6)
    vrrp.writeUInt16BE(internetChecksum(vrrp), 6)
    const damaged = Buffer.from(packet)
    damaged[2] = 99
    expect(decodeAdvertisement(packet.subarray(0, 35))).toBe('bad length')
    expect(decodeAdvertisement(damaged)).toBe('bad checksum')
    expect(decodeAdvertisement(vrrp)).toBe('bad version')
  })

  it('comes back as it was, whatever its fields', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const fields = fc.record({
      vhid: byte,
      advbase: byte,
      advskew: byte,
      counter: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    })
    const address = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'))
    fc.assert(
      fc.property(fields, fc.string(), fc.array(address), (advertisement, password, addresses) => {
        const signed = { vhid: advertisement.vhid, password, addresses }
        const packet = encodeAdvertisement(advertisement, signed)
        expect(decodeAdvertisement(packet)).toEqual(advertisement)
        expect(isAuthentic(packet, signed)).toBe(true)
      }),
    )
  })
})
