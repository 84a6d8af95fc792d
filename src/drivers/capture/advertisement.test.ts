import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAdvertisement } from './advertisement.ts'
import { pcapFile } from './fixture/pcap-file.ts'
import { pcapReader } from './pcap.ts'
import type { CapturedFrame } from './pcap.ts'

const carp = (vhid: number, advskew: number, advbase: number) =>
  Buffer.from(
    `21${hex(vhid)}${hex(advskew)}0700${hex(advbase)}beef0123456789abcdef${'5a'.repeat(20)}`.replaceAll(' ', ''),
    'hex',
  )
const hex = (byte: number) => byte.toString(16).padStart(2, '0')
const ipv4 = (payload: Buffer) => {
  const head = Buffer.from('45e0000000004000ff7000000a660002e0000012', 'hex')
  head.writeUInt16BE(head.length + payload.length, 2)
  return Buffer.concat([Buffer.from('01005e00001200005e0001010800', 'hex'), head, payload])
}
const ipv6 = (payload: Buffer) => {
  const head = Buffer.from(`6e000000000070fffe80000000000000be2411fffe000002${'ff02'.padEnd(30, '0')}12`, 'hex')
  head.writeUInt16BE(payload.length, 4)
  return Buffer.concat([Buffer.from('33330000001200005e00010386dd', 'hex'), head, payload])
}

describe('an advertisement', () => {
  test('over IPv4 tells who says what', () => {
    expect(parseAdvertisement(ipv4(carp(1, 240, 1)))).toEqual({
      srcMac: '00:00:5e:00:01:01',
      src: '10.102.0.2',
      dst: '224.0.0.18',
      vhid: 1,
      advbase: 1,
      advskew: 240,
      counter: '0123456789abcdef',
    })
  })

  test('over IPv6 does, too', () => {
    expect(parseAdvertisement(ipv6(carp(3, 100, 2)))).toMatchObject({
      src: 'fe80::be24:11ff:fe00:2',
      dst: 'ff02::12',
      vhid: 3,
      advbase: 2,
      advskew: 100,
    })
  })

  test('is none where a frame is cut off, a fragment, of another protocol, or VRRP', () => {
    const whole = ipv4(carp(1, 0, 1))
    const changed = (at: number, byte: number) => {
      const copy = Buffer.from(whole)
      copy[at] = byte
      return copy
    }
    const others = [whole.subarray(0, -1), changed(20, 0x20), changed(23, 17), changed(12, 0x81), changed(37, 1)]
    for (const frame of others) expect(parseAdvertisement(frame)).toBeNull()
  })

  test('is read or refused in any frame whatever, never a crash', () => {
    const whole = ipv6(carp(1, 0, 1))
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(whole.length).map((length) => whole.subarray(0, length)),
    )
    fc.assert(
      fc.property(any, (frame) => {
        expect(() => parseAdvertisement(frame)).not.toThrow()
      }),
    )
  })
})

const frames = [
  { seconds: 1_790_000_000, nanoseconds: 123_456_789, bytes: ipv4(carp(1, 0, 1)) },
  { seconds: 1_790_000_001, nanoseconds: 3, bytes: ipv6(carp(3, 100, 1)) },
  { seconds: 1_790_000_001, nanoseconds: 999_999_999, bytes: ipv4(carp(255, 240, 254)) },
]

describe('a capture', () => {
  test.each([1, 7, 16, 1000])('is read whole, in whatever pieces it comes (%i bytes)', (size) => {
    const read = readAll(pcapFile(frames), size)
    expect(read.map(({ bytes }) => Buffer.from(bytes))).toEqual(frames.map(({ bytes }) => bytes))
    expect(read[0]?.wallMs).toBeCloseTo(1_790_000_000_123.456, 2)
  })

  test('of something else than Ethernet, or no capture at all, is refused', () => {
    const other = Buffer.from(pcapFile([]))
    other.writeUInt32LE(113, 20)
    expect(() => readAll(other, 100)).toThrow('link type 113')
    expect(() => readAll(Buffer.from('tcpdump: eth0: No such device exists'), 100)).toThrow('pcap')
  })

  test('says the same as tcpdump', () => {
    const text = execFileSync('tcpdump', ['-r', '-', '-nn', '-tt', '-T', 'carp', '-v'], {
      input: pcapFile(frames),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const said = [...text.matchAll(/vhid=(\d+) advbase=(\d+) advskew=(\d+) authlen=7 .*counter=(\d+)/g)].map((match) =>
      match.slice(1).join(' '),
    )
    const own = readAll(pcapFile(frames), 50).map(({ bytes }) => {
      const { vhid, advbase, advskew, counter } = parseAdvertisement(bytes) ?? {}
      return `${vhid} ${advbase} ${advskew} ${BigInt(`0x${counter}`)}`
    })
    expect(own).toHaveLength(3)
    expect(said).toEqual(own)
  })
})

function readAll(bytes: Buffer, size: number): CapturedFrame[] {
  const read: CapturedFrame[] = []
  const push = pcapReader((frame) => read.push(frame))
  for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size))
  return read
}
