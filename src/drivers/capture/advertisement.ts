/** A CARP advertisement with the headers that carried it. `advskew` is the demoted one, as it is on the wire. */
export interface Advertisement {
  srcMac: string
  src: string
  dst: string
  vhid: number
  advbase: number
  advskew: number
  /** Grows with each advertisement of a node; 16 hexadecimal digits. */
  counter: string
}

const protocol = 112
const carpBytes = 36
/** Version 2, type 1: VRRP says the same, but never with these seven words of proof. */
const versionAndType = 0x21
const authLength = 7

interface Packet {
  src: string
  dst: string
  payload: Uint8Array
}

/** The CARP advertisement in an Ethernet frame, over IPv4 or IPv6; null where there is none, or not all of it. */
export function parseAdvertisement(frame: Uint8Array): Advertisement | null {
  const packet = packetIn(frame)
  if (packet === null || packet.payload.length < carpBytes) return null
  const view = viewOf(packet.payload)
  if (view.getUint8(0) !== versionAndType || view.getUint8(3) !== authLength) return null
  return {
    srcMac: hex(frame.subarray(6, 12), ':'),
    src: packet.src,
    dst: packet.dst,
    vhid: view.getUint8(1),
    advskew: view.getUint8(2),
    advbase: view.getUint8(5),
    counter: view.getBigUint64(8).toString(16).padStart(16, '0'),
  }
}

function packetIn(frame: Uint8Array): Packet | null {
  if (frame.length < 14) return null
  const type = viewOf(frame).getUint16(12)
  const body = frame.subarray(14)
  if (type === 0x0800) return inIpv4(body)
  return type === 0x86dd ? inIpv6(body) : null
}

function inIpv4(bytes: Uint8Array): Packet | null {
  if (bytes.length < 20) return null
  const view = viewOf(bytes)
  const headerBytes = (view.getUint8(0) & 0x0f) * 4
  const isFragment = (view.getUint16(6) & 0x3fff) !== 0
  if (view.getUint8(9) !== protocol || headerBytes < 20 || isFragment) return null
  const payload = bytes.subarray(headerBytes, view.getUint16(2))
  return { src: bytes.subarray(12, 16).join('.'), dst: bytes.subarray(16, 20).join('.'), payload }
}

function inIpv6(bytes: Uint8Array): Packet | null {
  if (bytes.length < 40) return null
  const view = viewOf(bytes)
  if (view.getUint8(6) !== protocol) return null
  const payload = bytes.subarray(40, 40 + view.getUint16(4))
  return { src: sayIpv6(bytes.subarray(8, 24)), dst: sayIpv6(bytes.subarray(24, 40)), payload }
}

/** An IPv6 address as RFC 5952 writes it: the longest run of zeros, of two at least, as `::`. */
function sayIpv6(bytes: Uint8Array): string {
  const view = viewOf(bytes)
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index).toString(16)).join(':')
  const runs = [...groups.matchAll(/(?<=^|:)0(?::0)+(?=:|$)/g)].map(({ 0: run, index }) => ({ run, index }))
  const [longest] = runs.toSorted((one, other) => other.run.length - one.run.length || one.index - other.index)
  if (longest === undefined) return groups
  const { run, index } = longest
  return `${groups.slice(0, Math.max(0, index - 1))}::${groups.slice(index + run.length + 1)}`
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

const hex = (bytes: Uint8Array, between: string): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(between)
