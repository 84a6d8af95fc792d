/** An IPv4 packet from a capture: what CARP has to check before it believes the payload. */
export type CapturedPacket = { source: string; ttl: number; payload: Buffer }

const fileHeaderBytes = 24
const recordHeaderBytes = 16
const ethernetBytes = 14

/**
 * Cuts a pcap stream (`tcpdump -w -`, little-endian, Ethernet) into IPv4 packets, whatever the pieces it arrives in.
 * Records that are no complete IPv4 packet are left out.
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
      const packet = parseFrame(frame)
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

function parseFrame(frame: Buffer): CapturedPacket | undefined {
  const ip = frame.subarray(ethernetBytes)
  const first = ip[0] ?? 0
  const headerBytes = (first & 0x0f) * 4
  if (first >> 4 !== 4 || headerBytes < 20 || ip.length < headerBytes) return undefined
  const end = Math.min(ip.readUInt16BE(2), ip.length)
  return { source: [...ip.subarray(12, 16)].join('.'), ttl: ip.readUInt8(8), payload: ip.subarray(headerBytes, end) }
}
