import type { Family } from './vhid.ts'

/** An IP packet from a capture: what CARP has to check before it believes the payload. `ttl` is IPv6's hop limit too. */
export type CapturedPacket = { family: Family; ttl: number; payload: Buffer }

const fileHeaderBytes = 24
const recordHeaderBytes = 16
const ethernetBytes = 14
const inet6HeaderBytes = 40

/**
 * Cuts a pcap stream (`tcpdump -w -`, little-endian, Ethernet) into IP packets, whatever the pieces it arrives in.
 * Records that are no complete IP packet are left out.
 */
export class CaptureStream {
  #pending: Buffer = Buffer.alloc(0)
  #opened = false

  /** Takes the next piece and returns the packets that it completes. */
  push(piece: Buffer): CapturedPacket[] {
    this.#pending = Buffer.concat([this.#pending, piece])
    if (!this.#skipFileHeader()) return []
    const packets: CapturedPacket[] = []
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
      const packet = parsePacket(frame.subarray(ethernetBytes))
      if (packet !== undefined) packets.push(packet)
    }
    return packets
  }

  #skipFileHeader(): boolean {
    if (this.#opened) return true
    if (this.#pending.length < fileHeaderBytes) return false
    this.#pending = this.#pending.subarray(fileHeaderBytes)
    this.#opened = true
    return true
  }

  #nextFrame(): Buffer | undefined {
    if (this.#pending.length < recordHeaderBytes) return undefined
    const end = recordHeaderBytes + this.#pending.readUInt32LE(8)
    if (this.#pending.length < end) return undefined
    const frame = this.#pending.subarray(recordHeaderBytes, end)
    this.#pending = this.#pending.subarray(end)
    return frame
  }
}

function parsePacket(ip: Buffer): CapturedPacket | undefined {
  const version = (ip[0] ?? 0) >> 4
  if (version === 6) return parseInet6(ip)
  const headerBytes = ((ip[0] ?? 0) & 0x0f) * 4
  if (version !== 4 || headerBytes < 20 || ip.length < headerBytes) return undefined
  const end = Math.min(ip.readUInt16BE(2), ip.length)
  return { family: 'inet', ttl: ip.readUInt8(8), payload: ip.subarray(headerBytes, end) }
}

// CARP follows the header at once: extension headers are never sent.
function parseInet6(ip: Buffer): CapturedPacket | undefined {
  if (ip.length < inet6HeaderBytes) return undefined
  const end = Math.min(inet6HeaderBytes + ip.readUInt16BE(4), ip.length)
  return { family: 'inet6', ttl: ip.readUInt8(7), payload: ip.subarray(inet6HeaderBytes, end) }
}
