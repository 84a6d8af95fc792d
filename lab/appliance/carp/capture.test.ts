import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CapturedPacket, CaptureStream } from './capture.ts'

const fileHeader = Buffer.from('d4c3b2a1020004000000000000000000000004000100000', 'hex')
const header = Buffer.concat([fileHeader, Buffer.alloc(24 - fileHeader.length)])
const ethernet = Buffer.from('01005e00001200005e0001010800', 'hex')

function ipPacket(payload: Buffer, ttl = 255): Buffer {
  const ip = Buffer.from('45e0000000004000ff7000000a660002e0000012', 'hex')
  ip.writeUInt16BE(ip.length + payload.length, 2)
  ip.writeUInt8(ttl, 8)
  return Buffer.concat([ip, payload])
}

function record(frame: Buffer): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(frame.length, 8)
  head.writeUInt32LE(frame.length, 12)
  return Buffer.concat([head, frame])
}

function read(pieces: readonly Buffer[]): CapturedPacket[] {
  const stream = new CaptureStream()
  return pieces.flatMap((piece) => stream.push(piece))
}

describe('a capture stream', () => {
  it('gives source, TTL and payload of each packet, without the padding of short frames', () => {
    const frame = Buffer.concat([ethernet, ipPacket(Buffer.from('carp'), 254), Buffer.alloc(10)])
    expect(read([header, record(frame)])).toEqual([{ family: 'inet', ttl: 254, payload: Buffer.from('carp') }])
  })

  it('gives hop limit and payload of an IPv6 packet', () => {
    const head = Buffer.from(
      `6e00000000047 0fe${'fe80'.padEnd(32, '0')}${'ff02'.padEnd(32, '0')}`.replace(' ', ''),
      'hex',
    )
    const frame = Buffer.concat([ethernet.subarray(0, 12), Buffer.from('86dd', 'hex'), head, Buffer.from('carp')])
    expect(read([header, record(frame)])).toEqual([{ family: 'inet6', ttl: 254, payload: Buffer.from('carp') }])
  })

  it('leaves out what is no IP packet and goes on with the next', () => {
    const strange = [Buffer.alloc(3), Buffer.concat([ethernet, Buffer.from('60000000', 'hex')])]
    const good = Buffer.concat([ethernet, ipPacket(Buffer.from('x'))])
    expect(read([header, ...strange.map(record), record(good)])).toHaveLength(1)
  })

  it('gives the same packets however the stream is cut', () => {
    const payloads = fc.array(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(payloads, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (wanted, sizes) => {
        const whole = Buffer.concat([
          header,
          ...wanted.map((payload) => record(Buffer.concat([ethernet, ipPacket(payload)]))),
        ])
        const pieces: Buffer[] = []
        for (let at = 0, next = 0; at < whole.length; next += 1) {
          const size = sizes[next % sizes.length] ?? 1
          pieces.push(whole.subarray(at, at + size))
          at += size
        }
        expect(read(pieces).map(({ payload }) => payload)).toEqual(wanted)
      }),
    )
  })
})
