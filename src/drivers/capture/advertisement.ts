import { packetIn, viewOf } from './frame.ts'

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

const carpProtocol = 112
const carpBytes = 36
/** Version 2, type 1: VRRP says the same, but never with these seven words of proof. */
const versionAndType = 0x21
const authLength = 7

/** The CARP advertisement in an Ethernet frame, over IPv4 or IPv6; null where there is none, or not all of it. */
export function parseAdvertisement(frame: Uint8Array): Advertisement | null {
  const packet = packetIn(frame)
  if (packet?.protocol !== carpProtocol || packet.payload.length < carpBytes) return null
  const view = viewOf(packet.payload)
  if (view.getUint8(0) !== versionAndType || view.getUint8(3) !== authLength) return null
  return {
    srcMac: packet.srcMac,
    src: packet.src,
    dst: packet.dst,
    vhid: view.getUint8(1),
    advskew: view.getUint8(2),
    advbase: view.getUint8(5),
    counter: view.getBigUint64(8).toString(16).padStart(16, '0'),
  }
}
