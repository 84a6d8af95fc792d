import { packetIn } from '../../../src/drivers/capture/frame.ts'
import { pcapReader } from '../../../src/drivers/capture/pcap.ts'

/** An echo request, or a probe to the UDP echo service, as a capture saw it. Sizes are those of the data, by which its sender is told. */
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

const protocols = { icmp: 1, udp: 17, carp: 112 }
const [echoReply, echoRequest] = [0, 8]
const echoPort = 7
/** Of ICMP echo and of UDP alike. */
const headerBytes = 8
/** Where the harness's probes have their number, behind their key. */
const numberAt = headerBytes + 16
/** Stands for the size of whatever the harness sends by UDP. */
export const udpSize = -1

/** Reads a capture as it comes; `wire` is what it has told so far. */
export function wireReader(): { push(chunk: Uint8Array): void; wire: Wire } {
  const wire: Wire = { echoes: [], adverts: [] }
  const open = new Map<string, Echo>()
  const push = pcapReader(({ wallMs, bytes }) => {
    const packet = packetIn(bytes)
    if (packet === null || packet.payload.length < headerBytes) return
    const { src, dst, protocol } = packet
    const payload = Buffer.from(packet.payload)
    if (protocol === protocols.carp) wire.adverts.push({ atMs: wallMs, from: src, vhid: payload[1] ?? 0 })
    const seen = protocol === protocols.icmp ? icmpIn(payload) : protocol === protocols.udp ? udpIn(payload) : null
    if (seen?.isAsked === true) {
      const echo = { to: dst, size: seen.size, id: seen.id, sentMs: wallMs, answeredMs: null }
      open.set(`${dst} ${seen.number}`, echo)
      wire.echoes.push(echo)
    }
    const asked = seen?.isAsked === false ? open.get(`${src} ${seen.number}`) : undefined
    if (asked !== undefined) asked.answeredMs ??= wallMs
  })
  return { push, wire }
}

/** A probe or its answer; `number` tells it from all others of its protocol, `id` its sender. */
interface Seen {
  isAsked: boolean
  number: string
  id: number
  size: number
}

function icmpIn(payload: Buffer): Seen | null {
  const type = payload[0]
  if (type !== echoRequest && type !== echoReply) return null
  const number = payload.toString('hex', 4, headerBytes)
  return { isAsked: type === echoRequest, number, id: payload.readUInt16BE(4), size: payload.length - headerBytes }
}

function udpIn(payload: Buffer): Seen | null {
  if (payload.length < numberAt + 8) return null
  const isAsked = payload.readUInt16BE(2) === echoPort
  return { isAsked, number: payload.toString('hex', headerBytes, numberAt + 8), id: 0, size: udpSize }
}
