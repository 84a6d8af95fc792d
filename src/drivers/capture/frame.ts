/** An IP packet in an Ethernet frame, with the addresses that carried it. `payload` ends where the capture or the packet does. */
export interface Packet {
  srcMac: string
  src: string
  dst: string
  protocol: number
  payload: Uint8Array
}

/** What an Ethernet frame carries behind its tags. */
export interface LinkPayload {
  srcMac: string
  dstMac: string
  etherType: number
  body: Uint8Array
}

/** 802.1Q, and 802.1ad around it. */
const tagTypes: readonly number[] = [0x8100, 0x88a8]
const mostTags = 2

/** The payload of a frame, VLAN tags stripped; null where the frame is cut off before it begins. */
export function payloadOf(frame: Uint8Array): LinkPayload | null {
  let at = 12
  for (let tags = 0; tags <= mostTags; tags += 1, at += 4) {
    if (frame.length < at + 2) return null
    const etherType = viewOf(frame).getUint16(at)
    if (tagTypes.includes(etherType)) continue
    const [dstMac, srcMac] = [sayMac(frame.subarray(0, 6)), sayMac(frame.subarray(6, 12))]
    return { srcMac, dstMac, etherType, body: frame.subarray(at + 2) }
  }
  return null
}

/** The IP packet in a frame; null where there is none, or not its whole header, or a fragment. */
export function packetIn(frame: Uint8Array): Packet | null {
  const link = payloadOf(frame)
  if (link === null) return null
  const packet = link.etherType === 0x0800 ? inIpv4(link.body) : link.etherType === 0x86dd ? inIpv6(link.body) : null
  return packet === null ? null : { srcMac: link.srcMac, ...packet }
}

function inIpv4(bytes: Uint8Array): Omit<Packet, 'srcMac'> | null {
  if (bytes.length < 20) return null
  const view = viewOf(bytes)
  const headerBytes = (view.getUint8(0) & 0x0f) * 4
  const isFragment = (view.getUint16(6) & 0x3fff) !== 0
  if (headerBytes < 20 || isFragment) return null
  const payload = bytes.subarray(headerBytes, Math.max(headerBytes, view.getUint16(2)))
  const protocol = view.getUint8(9)
  return { src: sayIpv4(bytes.subarray(12, 16)), dst: sayIpv4(bytes.subarray(16, 20)), protocol, payload }
}

function inIpv6(bytes: Uint8Array): Omit<Packet, 'srcMac'> | null {
  if (bytes.length < 40) return null
  const view = viewOf(bytes)
  const payload = bytes.subarray(40, 40 + view.getUint16(4))
  const protocol = view.getUint8(6)
  return { src: sayIpv6(bytes.subarray(8, 24)), dst: sayIpv6(bytes.subarray(24, 40)), protocol, payload }
}

/** Four bytes as people write them. */
export const sayIpv4 = (bytes: Uint8Array): string => bytes.join('.')

/** An IPv6 address as RFC 5952 writes it: the longest run of zeros, of two at least, as `::`. */
export function sayIpv6(bytes: Uint8Array): string {
  const view = viewOf(bytes)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index).toString(16)).join(':')
  const runs = [...groups.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)].map(({ 0: run, index }) => ({ run, index }))
  const [longest] = runs.toSorted((one, other) => other.run.length - one.run.length || one.index - other.index)
  if (longest === undefined) return groups
  const { run, index } = longest
  return `${groups.slice(0, Math.max(0, index - 1))}::${groups.slice(index + run.length + 1)}`
}

export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)

export const sayMac = (bytes: Uint8Array): string => hex(bytes, ':')

export const hex = (bytes: Uint8Array, between = ''): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(between)
