import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAdvertisement } from './advertisement.ts'
import { parseArp } from './arp.ts'
import { parseBeside } from './beside-sync.ts'
import { parseDhcp } from './dhcp.ts'
import { parseNeighbourAdvert } from './neighbour.ts'
import { pcapFile } from './fixture/pcap-file.ts'
import { parseProbe } from './probe-frame.ts'

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const macs = 'ffffffffffff 00005e000101'
const ethernet = (type: string, body: Buffer, tags = ''): Buffer => Buffer.concat([bytes(macs + tags + type), body])

/** An IPv4 packet from 10.102.0.50 to 192.168.66.10. */
function ipv4(protocol: number, payload: Buffer): Buffer {
  const head = bytes('4500 0000 0000 4000 4000 0000 0a660032 c0a8420a')
  head.writeUInt16BE(head.length + payload.length, 2)
  head.writeUInt8(protocol, 9)
  return Buffer.concat([head, payload])
}
function udp(from: number, to: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8)
  for (const [index, value] of [from, to, 8 + payload.length].entries()) head.writeUInt16BE(value, 2 * index)
  return ipv4(17, Buffer.concat([head, payload]))
}
const gratuitous = bytes('0001 0800 06 04 0001 00005e000101 0a660001 000000000000 0a660001')
const key = '00112233445566778899aabbccddeeff'
const probe = udp(40_000, 7, bytes(`${key} 0000000000000102 ${'00'.repeat(8)}`))
const echo = ipv4(1, bytes('0800 0000 1234 0005 00'))
const offer = udp(
  67,
  68,
  Buffer.concat([
    bytes('02 01 06 00 deadbeef 00000000 00000000 0a660019 00000000 00000000 bc2411660003'),
    Buffer.alloc(10 + 64 + 128),
    bytes('63825363 35 01 02 36 04 0a660002 33 04 00000e10 ff'),
  ]),
)
const ports = new Set([7])
const told = bytes(
  `6000 0000 0020 3aff 20010db8000100020000000000000254 ff020000000000000000000000000001
   88 00 0000 a0000000 20010db8000100020000000000000254 0201 00005e000104`,
)
const parsers = [
  parseAdvertisement,
  parseArp,
  parseNeighbourAdvert,
  parseDhcp,
  parseBeside,
  (frame: Uint8Array) => parseProbe(frame, ports),
]
const samples = [
  ethernet('0806', gratuitous),
  ...[probe, echo, offer].map((packet) => ethernet('0800', packet)),
  ethernet('86dd', told),
]
const tagged = (frame: Buffer, tags: string): Buffer =>
  Buffer.concat([frame.subarray(0, 12), bytes(tags), frame.subarray(12)])

describe('a captured frame', () => {
  test('with an ARP message tells who claims which address', () => {
    expect(parseArp(ethernet('0806', gratuitous))).toEqual({
      srcMac: '00:00:5e:00:01:01',
      operation: 'request',
      senderMac: '00:00:5e:00:01:01',
      senderIp: '10.102.0.1',
      targetMac: '00:00:00:00:00:00',
      targetIp: '10.102.0.1',
    })
  })

  test('with a neighbour advertisement does, too', () => {
    expect(parseNeighbourAdvert(ethernet('86dd', told))).toEqual({
      srcMac: '00:00:5e:00:01:01',
      src: '2001:db8:1:2::254',
      target: '2001:db8:1:2::254',
      mac: '00:00:5e:00:01:04',
      isSolicited: false,
      isOverride: true,
    })
  })

  test('with a DHCP message tells who offers what to whom', () => {
    expect(parseDhcp(ethernet('0800', offer))).toEqual({
      srcMac: '00:00:5e:00:01:01',
      src: '10.102.0.50',
      message: 'offer',
      xid: 'deadbeef',
      clientMac: 'bc:24:11:66:00:03',
      offered: '10.102.0.25',
      requested: null,
      server: '10.102.0.2',
    })
  })

  test('with a probe tells its stream, its number and its way', () => {
    const [src, dst] = ['10.102.0.50', '192.168.66.10']
    expect(parseProbe(ethernet('0800', probe), ports)).toEqual({
      kind: 'udp',
      way: 'request',
      src,
      dst,
      id: key,
      seq: 258,
    })
    expect(parseProbe(ethernet('0800', echo), ports)).toEqual({
      kind: 'icmp',
      way: 'request',
      src,
      dst,
      id: '4660',
      seq: 5,
    })
    expect(parseProbe(ethernet('0800', udp(7, 40_000, bytes(`${key} 0000000000000001`))), ports)?.way).toBe('reply')
    expect(parseProbe(ethernet('0800', udp(53, 40_000, bytes(`${key} 0000000000000001`))), ports)).toBeNull()
  })

  test('beside state sync tells whose it is, and state sync itself tells nothing', () => {
    const [src, dst, srcMac] = ['10.102.0.50', '192.168.66.10', '00:00:5e:00:01:01']
    expect(parseBeside(ethernet('0800', probe))).toEqual({ srcMac, etherType: 0x0800, src, dst, protocol: 17 })
    expect(parseBeside(ethernet('0806', gratuitous))).toMatchObject({
      etherType: 0x0806,
      src: '10.102.0.1',
      protocol: null,
    })
    expect(parseBeside(ethernet('88cc', Buffer.alloc(20)))).toMatchObject({ etherType: 0x88cc, src: null, dst: null })
    expect(parseBeside(ethernet('0800', ipv4(240, Buffer.alloc(20))))).toBeNull()
  })

  test('says the same behind one VLAN tag or two, and nothing behind three', () => {
    for (const parse of parsers)
      for (const frame of samples) {
        expect(parse(tagged(frame, '8100 0066'))).toEqual(parse(frame))
        expect(parse(tagged(frame, '88a8 0001 8100 0066'))).toEqual(parse(frame))
        expect(parse(tagged(frame, '8100 0001 8100 0002 8100 0003'))).toBeNull()
      }
  })

  test('of any bytes, cut off anywhere, is read or refused, never a crash', () => {
    const cut = fc.constantFrom(...samples).chain((frame) =>
      fc.tuple(fc.nat(frame.length), fc.uint8Array({ maxLength: 3 }), fc.nat(frame.length)).map(([end, change, at]) => {
        const copy = Buffer.from(frame)
        copy.set(change.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length))
        return copy.subarray(0, end)
      }),
    )
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 700 }), cut), (frame) => {
        for (const parse of parsers) expect(() => parse(frame)).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })

  test('says the same as tcpdump', () => {
    const text = execFileSync('tcpdump', ['-r', '-', '-nn', '-tt', '-v'], {
      input: pcapFile(samples.map((frame, seconds) => ({ seconds, nanoseconds: 0, bytes: frame }))),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    }).replaceAll(/\s+/g, ' ')
    expect(text).toContain('Request who-has 10.102.0.1 tell 10.102.0.1')
    expect(text).toContain('10.102.0.50 > 192.168.66.10: ICMP echo request, id 4660, seq 5')
    expect(text).toContain('Your-IP 10.102.0.25 Client-Ethernet-Address bc:24:11:66:00:03')
    expect(text).toMatch(/DHCP-Message \(53\), length 1: Offer Server-ID \(54\), length 4: 10\.102\.0\.2/)
  })
})
