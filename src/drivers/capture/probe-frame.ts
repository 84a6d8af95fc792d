import { hex, packetIn, viewOf } from './frame.ts'
import type { Packet } from './frame.ts'

/** A probe of a stream, or its answer, as it passed by. `id` tells streams apart: the key in the payload, or the identifier of ICMP. */
export interface ProbeFrame {
  kind: 'icmp' | 'udp'
  way: 'request' | 'reply'
  src: string
  dst: string
  id: string
  seq: number
}

/** The port of the reflector. */
export const echoPort = 7
const protocols = { icmp: 1, udp: 17, icmp6: 58 } as const
const udpBytes = 8
const keyBytes = 16
const echoTypes: Readonly<Record<number, Readonly<Record<number, ProbeFrame['way']>>>> = {
  [protocols.icmp]: { 8: 'request', 0: 'reply' },
  [protocols.icmp6]: { 128: 'request', 129: 'reply' },
}

/** The probe in an Ethernet frame: ICMP echo, or a datagram to or from one of the ports that begins with a key and a number. Null for anything else. */
export function parseProbe(frame: Uint8Array, ports: ReadonlySet<number>): ProbeFrame | null {
  const packet = packetIn(frame)
  if (packet === null) return null
  return packet.protocol === protocols.udp ? datagramIn(packet, ports) : echoIn(packet)
}

function echoIn({ src, dst, protocol, payload }: Packet): ProbeFrame | null {
  if (payload.length < 8) return null
  const view = viewOf(payload)
  const way = echoTypes[protocol]?.[view.getUint8(0)]
  if (way === undefined || view.getUint8(1) !== 0) return null
  return { kind: 'icmp', way, src, dst, id: String(view.getUint16(4)), seq: view.getUint16(6) }
}

function datagramIn({ src, dst, payload }: Packet, ports: ReadonlySet<number>): ProbeFrame | null {
  if (payload.length < udpBytes + keyBytes + 8) return null
  const view = viewOf(payload)
  const way = ports.has(view.getUint16(2)) ? 'request' : ports.has(view.getUint16(0)) ? 'reply' : null
  const seq = Number(view.getBigUint64(udpBytes + keyBytes))
  if (way === null || !Number.isSafeInteger(seq)) return null
  return { kind: 'udp', way, src, dst, id: hex(payload.subarray(udpBytes, udpBytes + keyBytes)), seq }
}
