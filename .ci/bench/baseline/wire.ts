import { packetIn } from '../../../src/drivers/capture/frame.ts'
import { pcapReader } from '../../../src/drivers/capture/pcap.ts'

/** An echo request as a capture saw it. Sizes are those of the data, by which its sender is told. */
export interface Echo {
  to: string
  size: number
  id: number
  sentMs: number
  /** Null where no answer was captured. */
  answeredMs: number | null
}

/** What a capture tells, times in ms since 1970. */
export interface Wire {
  echoes: Echo[]
  /** Who advertised itself as master of which VHID. */
  adverts: { atMs: number; from: string; vhid: number }[]
}

const [icmp, carp] = [1, 112]
const [echoReply, echoRequest] = [0, 8]
const icmpHeader = 8

/** Reads a capture as it comes; `wire` is what it has told so far. */
export function wireReader(): { push(chunk: Uint8Array): void; wire: Wire } {
  const wire: Wire = { echoes: [], adverts: [] }
  const open = new Map<string, Echo>()
  const push = pcapReader(({ wallMs, bytes }) => {
    const packet = packetIn(bytes)
    if (packet === null || packet.payload.length < icmpHeader) return
    const { src, dst, protocol, payload } = packet
    if (protocol === carp) wire.adverts.push({ atMs: wallMs, from: src, vhid: payload[1] ?? 0 })
    if (protocol !== icmp) return
    const [type, number] = [payload[0], Buffer.from(payload).toString('hex', 4, icmpHeader)]
    if (type === echoRequest) {
      const size = payload.length - icmpHeader
      const echo = { to: dst, size, id: Number.parseInt(number.slice(0, 4), 16), sentMs: wallMs, answeredMs: null }
      open.set(`${dst} ${number}`, echo)
      wire.echoes.push(echo)
    }
    const asked = type === echoReply ? open.get(`${src} ${number}`) : undefined
    if (asked !== undefined) asked.answeredMs ??= wallMs
  })
  return { push, wire }
}
