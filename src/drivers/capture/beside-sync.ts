import { parseArp } from './arp.ts'
import { packetIn, payloadOf } from './frame.ts'

/** A frame on the network of state sync that is not state sync: whose it is, as far as it says. Of ARP, the addresses that it is about. */
export interface FrameBeside {
  srcMac: string
  etherType: number
  src: string | null
  dst: string | null
  /** Of IP; null of everything else, and of fragments. */
  protocol: number | null
}

const pfsync = 240

/** What a frame tells of itself; null of state sync, and of one that is cut off. */
export function parseBeside(frame: Uint8Array): FrameBeside | null {
  const link = payloadOf(frame)
  if (link === null) return null
  const { srcMac, etherType } = link
  const packet = packetIn(frame)
  if (packet !== null)
    return packet.protocol === pfsync
      ? null
      : { srcMac, etherType, src: packet.src, dst: packet.dst, protocol: packet.protocol }
  const arp = parseArp(frame)
  return { srcMac, etherType, src: arp?.senderIp ?? null, dst: arp?.targetIp ?? null, protocol: null }
}
