import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeReply, encodeRequest } from './dhcp-message.mjs'
import { nicTowards } from './dhcp-nic.mjs'

const address = fc.ipV4()
const client = 'firedrill-client-lease'

/** A server's answer to a request, as RFC 2131 §4.3 has it: the request's head, another operation, an address and the server's options. */
function answerTo(request: Buffer, code: number, given: string, server: string, seconds: number): Buffer {
  const head = Buffer.from(request.subarray(0, 240))
  head[0] = 2
  head.set(given.split('.').map(Number), 16)
  const lease = Buffer.alloc(4)
  lease.writeUInt32BE(seconds)
  const options = [53, 1, code, 0, 54, 4, ...server.split('.').map(Number), 51, 4, ...lease, 255]
  return Buffer.concat([head, Buffer.from(options)])
}

test('a renewal is unicast with the own address, names no server, and asks for no broadcast', () => {
  const message = encodeRequest(client, { type: 'request', xid: 0x1234_5678, own: '10.0.1.100' })
  expect(message.toString('hex', 0, 16)).toBe('0101060012345678000000000a000164')
  expect(message.toString('hex', 28, 29)).toBe('02')
  expect(message.toString('hex', 240)).toMatch(/^3501033d17006669726564/)
  expect(message.length).toBe(300)
})

test('a client without an address asks for broadcast answers, and takes one offer', () => {
  const asked = { type: 'request', xid: 1, seconds: 4, requested: '10.0.1.100', server: '10.0.1.2' } as const
  const message = encodeRequest(client, asked)
  expect(message.readUInt16BE(10)).toBe(0x8000)
  expect(message.readUInt16BE(8)).toBe(4)
  expect(message.toString('hex', 240)).toContain('32040a00016436040a000102')
})

test('whatever a server grants is read as it said it, by its client only', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), address, address, fc.nat(0xffff_ffff), (xid, given, server, leaseSeconds) => {
      const answer = answerTo(encodeRequest(client, { type: 'discover', xid }), 5, given, server, leaseSeconds)
      expect(decodeReply(answer, client)).toEqual({ type: 'ack', xid, address: given, server, leaseSeconds })
      expect(decodeReply(answer, 'somebody else')).toBeNull()
    }),
  )
})

test('what is cut off, or no answer, is nothing, and nothing throws', () => {
  const request = encodeRequest(client, { type: 'discover', xid: 7 })
  const answer = answerTo(request, 2, '10.0.1.100', '10.0.1.2', 60)
  expect(decodeReply(request, client)).toBeNull()
  for (let length = 0; length < 249; length += 1) expect(decodeReply(answer.subarray(0, length), client)).toBeNull()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (options) => {
      const reply = decodeReply(Buffer.concat([answer.subarray(0, 240), options]), client)
      expect(reply === null || reply.xid === 7).toBe(true)
    }),
  )
})

test('the NIC is the one in the network of the servers', () => {
  const nic = (address_: string) => ({
    address: address_,
    netmask: '255.255.255.0',
    family: 'IPv4' as const,
    mac: '02:00:00:00:00:01',
    internal: false,
    cidr: `${address_}/24`,
  })
  const nics = { eth0: [nic('10.0.1.50')], eth1: [nic('10.0.2.50')] }
  expect(nicTowards('10.0.2.1', nics)).toEqual({ name: 'eth1', address: '10.0.2.50' })
  expect(() => nicTowards('10.0.3.1', nics)).toThrow('no NIC of this machine is in the network of 10.0.3.1')
})
