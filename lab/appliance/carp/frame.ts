import { addressBytes, isInet6 } from '../net/address.ts'
import { carpPacketBytes, internetChecksum } from './packet.ts'
import type { Family } from './vhid.ts'

/** Whole Ethernet frames of one length per family, so that they can be told apart in a stream. */
export const frameBytes: Readonly<Record<Family, number>> = {
  inet: 14 + 20 + carpPacketBytes,
  inet6: 14 + 40 + carpPacketBytes,
}

const carpProtocol = 112
const groups = {
  inet: { mac: '01:00:5e:00:00:12', address: '224.0.0.18' },
  inet6: { mac: '33:33:00:00:00:12', address: 'ff02::12' },
} as const

/** `00:00:5e:00:01:<vhid>`. */
export function virtualMac(vhid: number): string {
  return `00:00:5e:00:01:${vhid.toString(16).padStart(2, '0')}`
}

/** An advertisement from the virtual MAC to CARP's group: TTL 255, the NIC's own address as source. */
export function advertisementFrame(vhid: number, source: string, packet: Buffer): Buffer {
  const family = isInet6(source) ? 'inet6' : 'inet'
  const { mac, address } = groups[family]
  const header = family === 'inet' ? inetHeader(source, address, packet.length) : inet6Header(source, address, packet)
  const head = ethernetHeader(mac, virtualMac(vhid), family === 'inet' ? 0x0800 : 0x86dd)
  return padded(Buffer.concat([head, header, packet]), family)
}

/** What a new master says once for each of its addresses: a gratuitous ARP, or an unsolicited neighbour advertisement. */
export function announcementFrame(vhid: number, address: string): Buffer {
  const mac = virtualMac(vhid)
  if (!isInet6(address)) {
    const head = ethernetHeader('ff:ff:ff:ff:ff:ff', mac, 0x0806)
    const target = addressBytes(address)
    const request = Buffer.from('0001080006040001', 'hex')
    return padded(Buffer.concat([head, request, macBytes(mac), target, Buffer.alloc(6), target]), 'inet')
  }
  const head = ethernetHeader('33:33:00:00:00:01', mac, 0x86dd)
  const message = neighbourAdvertisement(address, mac)
  return padded(Buffer.concat([head, inet6Header(address, 'ff02::1', message, 58), message]), 'inet6')
}

// Type 136 with the flags router and override, as FreeBSD sends it from a router; the option is the link-layer address.
function neighbourAdvertisement(address: string, mac: string): Buffer {
  const head = Buffer.from('88000000a0000000', 'hex')
  const message = Buffer.concat([head, addressBytes(address), Buffer.from([2, 1]), macBytes(mac)])
  const pseudo = Buffer.alloc(8)
  pseudo.writeUInt32BE(message.length, 0)
  pseudo[7] = 58
  const summed = Buffer.concat([addressBytes(address), addressBytes('ff02::1'), pseudo, message])
  message.writeUInt16BE(internetChecksum(summed), 2)
  return message
}

function ethernetHeader(to: string, from: string, type: number): Buffer {
  return Buffer.concat([macBytes(to), macBytes(from), Buffer.from([type >> 8, type & 0xff])])
}

// Type of service 0xe0, do not fragment, as FreeBSD.
function inetHeader(source: string, destination: string, payloadBytes: number): Buffer {
  const header = Buffer.from(`45e00000000040 00ff${carpProtocol.toString(16)}0000`.replace(' ', ''), 'hex')
  const whole = Buffer.concat([header, addressBytes(source), addressBytes(destination)])
  whole.writeUInt16BE(whole.length + payloadBytes, 2)
  whole.writeUInt16BE(internetChecksum(whole), 10)
  return whole
}

function inet6Header(source: string, destination: string, payload: Buffer, protocol = carpProtocol): Buffer {
  const header = Buffer.from([0x6e, 0, 0, 0, 0, 0, protocol, 255])
  header.writeUInt16BE(payload.length, 4)
  return Buffer.concat([header, addressBytes(source), addressBytes(destination)])
}

function padded(frame: Buffer, family: Family): Buffer {
  return Buffer.concat([frame], frameBytes[family])
}

function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex')
}
