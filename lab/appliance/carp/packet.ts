import { createHmac, timingSafeEqual } from 'node:crypto'
import { addressBytes } from '../net/address.ts'

/** One CARP version 2 advertisement as it is on the wire, without its proof. */
export type Advertisement = { vhid: number; advbase: number; advskew: number; counter: bigint }

/** What a VHID's advertisements are signed over: its password (at most 20 bytes count) and every address. */
export type CarpKey = { vhid: number; password: string; addresses: string[] }

export const carpPacketBytes = 36
const versionAndType = 0x21
const authLength = 7
const digestAt = 16
const keyBytes = 20

/** The 36 bytes of IP protocol 112, checksum and HMAC included. */
export function encodeAdvertisement(advertisement: Advertisement, key: CarpKey): Buffer {
  const packet = Buffer.alloc(carpPacketBytes)
  packet[0] = versionAndType
  packet[1] = advertisement.vhid
  packet[2] = advertisement.advskew
  packet[3] = authLength
  packet[5] = advertisement.advbase
  packet.writeBigUInt64BE(advertisement.counter, 8)
  digest(key, packet.subarray(8, digestAt)).copy(packet, digestAt)
  packet.writeUInt16BE(internetChecksum(packet), 6)
  return packet
}

/** A packet's fields, or the reason FreeBSD's counters would give for dropping it. Does not check the HMAC. */
export function decodeAdvertisement(packet: Buffer): Advertisement | 'bad length' | 'bad checksum' | 'bad version' {
  if (packet.length < carpPacketBytes) return 'bad length'
  const bytes = packet.subarray(0, carpPacketBytes)
  if (internetChecksum(bytes) !== 0) return 'bad checksum'
  if (bytes[0] !== versionAndType) return 'bad version'
  return {
    vhid: bytes.readUInt8(1),
    advskew: bytes.readUInt8(2),
    advbase: bytes.readUInt8(5),
    counter: bytes.readBigUInt64BE(8),
  }
}

/** Whether the advertisement was signed with this password over exactly these addresses. */
export function isAuthentic(packet: Buffer, key: CarpKey): boolean {
  const expected = digest(key, packet.subarray(8, digestAt))
  return timingSafeEqual(packet.subarray(digestAt, carpPacketBytes), expected)
}

/** RFC 1071; over data that carries its own checksum the answer is 0. */
export function internetChecksum(data: Buffer): number {
  let sum = 0
  for (let at = 0; at < data.length; at += 2) sum += ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

// FreeBSD hashes version, type, VHID, each IPv4 and then each IPv6 address once in ascending order, and the counter; the
// key is zero-padded to 20 bytes.
function digest(key: CarpKey, counter: Buffer): Buffer {
  const secret = Buffer.alloc(keyBytes)
  secret.write(key.password, 'utf8')
  const addresses = key.addresses.map(addressBytes).sort(shortFirst)
  const once = addresses.filter((address, at) => at === 0 || !addresses[at - 1]?.equals(address))
  const head = Buffer.from([2, 1, key.vhid])
  return createHmac('sha1', secret)
    .update(Buffer.concat([head, ...once, counter]))
    .digest()
}

function shortFirst(one: Buffer, other: Buffer): number {
  return one.length - other.length || Buffer.compare(one, other)
}
