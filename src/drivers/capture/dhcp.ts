import { hex, packetIn, sayIpv4, sayMac, viewOf } from './frame.ts'

/** A DHCP message for IPv4 (RFC 2131). Addresses are null where the message names none. */
export interface DhcpMessage {
  srcMac: string
  src: string
  /** `discover`, `offer`, ..., as RFC 2132 calls option 53; `type-<n>` for others. */
  message: string
  /** Of the exchange, eight hexadecimal digits. */
  xid: string
  clientMac: string
  /** What the server offers or grants (yiaddr). */
  offered: string | null
  /** What the client asks for (option 50). */
  requested: string | null
  /** Who offers (option 54). */
  server: string | null
}

const udpProtocol = 17
const ports: readonly number[] = [67, 68]
const udpBytes = 8
const fixedBytes = 236
const cookie = 0x63825363
const ethernet = 1
const messages = ['discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform']
const codes = { pad: 0, requested: 50, message: 53, server: 54, end: 255 } as const

/** The DHCP message in an Ethernet frame; null where there is none, or its type is cut off. */
export function parseDhcp(frame: Uint8Array): DhcpMessage | null {
  const packet = packetIn(frame)
  if (packet?.protocol !== udpProtocol || packet.payload.length < udpBytes + fixedBytes + 4) return null
  const udp = viewOf(packet.payload)
  if (!ports.includes(udp.getUint16(0)) || !ports.includes(udp.getUint16(2))) return null
  const body = packet.payload.subarray(udpBytes)
  const view = viewOf(body)
  if (view.getUint8(1) !== ethernet || view.getUint32(fixedBytes) !== cookie) return null
  const options = optionsOf(body.subarray(fixedBytes + 4))
  const type = options.get(codes.message)?.[0]
  if (type === undefined) return null
  return {
    srcMac: packet.srcMac,
    src: packet.src,
    message: messages[type - 1] ?? `type-${type}`,
    xid: hex(body.subarray(4, 8)),
    clientMac: sayMac(body.subarray(28, 34)),
    offered: addressOf(body.subarray(16, 20)),
    requested: addressOf(options.get(codes.requested)),
    server: addressOf(options.get(codes.server)),
  }
}

/** The options that are there whole, by their codes. */
function optionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>()
  for (let at = 0; at < bytes.length;) {
    const [code = codes.end, length] = [bytes[at], bytes[at + 1]]
    if (code === codes.end) break
    if (code === codes.pad) {
      at += 1
      continue
    }
    if (length === undefined || at + 2 + length > bytes.length) break
    options.set(code, bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return options
}

function addressOf(bytes: Uint8Array | undefined): string | null {
  if (bytes?.length !== 4) return null
  const address = sayIpv4(bytes)
  return address === '0.0.0.0' ? null : address
}
