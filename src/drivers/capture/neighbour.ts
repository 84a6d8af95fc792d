import { packetIn, sayIpv6, sayMac, viewOf } from './frame.ts'

/** A neighbour advertisement of IPv6 (RFC 4861): what a reply or a gratuitous ARP is to IPv4. `mac` is null where it names none. */
export interface NeighbourAdvert {
  srcMac: string
  src: string
  target: string
  mac: string | null
  isSolicited: boolean
  isOverride: boolean
}

const icmp6 = 58
const advertisement = 136
const messageBytes = 24
const flags = { solicited: 0x40, override: 0x20 } as const
const targetLinkLayer = 2

/** The neighbour advertisement in an Ethernet frame; null where there is none, or not all of it. */
export function parseNeighbourAdvert(frame: Uint8Array): NeighbourAdvert | null {
  const packet = packetIn(frame)
  if (packet?.protocol !== icmp6 || packet.payload.length < messageBytes) return null
  const { payload, srcMac, src } = packet
  const view = viewOf(payload)
  if (view.getUint8(0) !== advertisement || view.getUint8(1) !== 0) return null
  const set = view.getUint8(4)
  const option = payload.subarray(messageBytes, messageBytes + 8)
  const hasMac = option.length === 8 && option[0] === targetLinkLayer
  return {
    srcMac,
    src,
    target: sayIpv6(payload.subarray(8, 24)),
    mac: hasMac ? sayMac(option.subarray(2)) : null,
    isSolicited: (set & flags.solicited) !== 0,
    isOverride: (set & flags.override) !== 0,
  }
}
