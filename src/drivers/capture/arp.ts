import { payloadOf, sayIpv4, sayMac, viewOf } from './frame.ts'

/** An ARP message for IPv4 over Ethernet. It is gratuitous where `senderIp` and `targetIp` are the same. */
export interface ArpMessage {
  srcMac: string
  operation: 'request' | 'reply'
  senderMac: string
  senderIp: string
  targetMac: string
  targetIp: string
}

const arpType = 0x0806
const messageBytes = 28
/** Hardware type Ethernet, protocol IPv4, address lengths 6 and 4. */
const ethernetAndIpv4 = 0x0001_0800_0604n

/** The ARP message in an Ethernet frame; null where there is none, not all of it, or of something else than IPv4. */
export function parseArp(frame: Uint8Array): ArpMessage | null {
  const link = payloadOf(frame)
  if (link?.etherType !== arpType || link.body.length < messageBytes) return null
  const { body, srcMac } = link
  const head = viewOf(body).getBigUint64(0)
  const code = Number(head & 0xffffn)
  if (head >> 16n !== ethernetAndIpv4 || (code !== 1 && code !== 2)) return null
  return {
    srcMac,
    operation: code === 1 ? 'request' : 'reply',
    senderMac: sayMac(body.subarray(8, 14)),
    senderIp: sayIpv4(body.subarray(14, 18)),
    targetMac: sayMac(body.subarray(18, 24)),
    targetIp: sayIpv4(body.subarray(24, 28)),
  }
}
