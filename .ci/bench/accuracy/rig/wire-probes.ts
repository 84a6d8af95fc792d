import { targets } from './cable.ts'
import type { Sighting } from './capture.ts'

/** A probe as the wire tells it, whoever sent it. */
export interface WireProbe {
  sentMs: number
  isAnswered: boolean
}

const udpHeader = 8
const oursKey = 16
/** irtt: 3 bytes of magic, flags, the connection's token (8), then the number, little endian. */
const irttNumberAt = 12

/** The probes of one tool, in the order of their sending. */
export function probesOf(sightings: readonly Sighting[]): WireProbe[] {
  const probes = new Map<string, WireProbe>()
  for (const sighting of sightings) {
    const number = numberOf(sighting)
    if (number === null) continue
    const probe = probes.get(number)
    if (sighting.isSent) probes.set(number, { sentMs: sighting.atMs, isAnswered: false })
    else if (probe !== undefined) probe.isAnswered = true
  }
  return [...probes.values()]
}

/** What tells a probe and its answer from all others of the tool. */
function numberOf({ target, bytes }: Sighting): string | null {
  const packet = Buffer.from(bytes)
  if (target === targets.ours && packet.length >= udpHeader + oursKey + 8) {
    return String(packet.readBigUInt64BE(udpHeader + oursKey))
  }
  if (target === targets.irtt)
    return packet.length < udpHeader + irttNumberAt + 4 ? null : String(packet.readUInt32LE(udpHeader + irttNumberAt))
  return packet.length < 8 ? null : packet.toString('hex', 4, 8)
}
