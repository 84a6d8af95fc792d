import { bare } from '../net/address.ts'
import { type Service, startService } from '../system/service.ts'
import { CaptureStream, type CapturedPacket } from './capture.ts'
import { advertisementFrame, announcementFrame, frameBytes } from './frame.ts'
import { carpPacketBytes } from './packet.ts'
import type { Family } from './vhid.ts'
import { nameOf, type VhidConfig } from './vhid-config.ts'

/** Sends what the VHIDs of one NIC have to say. */
export type Transmitter = {
  advertise: (config: VhidConfig, family: Family, packet: Buffer) => void
  announce: (config: VhidConfig) => void
}

/** The NIC's own addresses, from which it advertises. */
export type Sources = Readonly<Record<Family, string>>

const restartAfterMs = 20

/**
 * Starts the senders of a NIC: whole frames from the virtual MAC where CARP is multicast, IP packets from the NIC's own MAC
 * where it is unicast. `onFailure` hears of each sender that ends: what it had to send is lost.
 */
export function startTransmitter(device: string, sources: Sources, onFailure: () => void): Transmitter {
  const frames = { inet: startFrames(device, 'inet', onFailure), inet6: startFrames(device, 'inet6', onFailure) }
  const unicast = new Map<string, Service>()
  const senderTo = (config: VhidConfig, family: Family, peer: string): Service => {
    const name = `${nameOf(config)}/${family}`
    const sender = unicast.get(name) ?? startUnicast(family, peer, onFailure)
    unicast.set(name, sender)
    return sender
  }
  return {
    advertise: (config, family, packet) => {
      const peer = config.peers?.[family]
      if (peer !== undefined) return senderTo(config, family, peer).write(packet)
      frames[family].write(advertisementFrame(config.vhid, sources[family], packet))
    },
    announce: ({ vhid, addresses }) => {
      for (const address of addresses.map(bare)) {
        frames[address.includes(':') ? 'inet6' : 'inet'].write(announcementFrame(vhid, address))
      }
    },
  }
}

// One frame per read: all of a family have the same length.
function startFrames(device: string, family: Family, onEnd: () => void): Service {
  const args = ['-u', '-b', String(frameBytes[family]), '-', `INTERFACE:${device}`]
  return startService({ command: 'socat', args, restartAfterMs, onEnd })
}

function startUnicast(family: Family, peer: string, onEnd: () => void): Service {
  const target =
    family === 'inet' ? `IP4-SENDTO:${peer}:112,ip-ttl=255,tos=0xe0` : `IP6-SENDTO:[${peer}]:112,ipv6-unicast-hops=255`
  return startService({
    command: 'socat',
    args: ['-u', '-b', String(carpPacketBytes), '-', target],
    restartAfterMs,
    onEnd,
  })
}

/** Listens for protocol 112 coming in on a NIC, with headers: socat's own receivers hide the TTL. */
export function startReceiver(device: string, onPacket: (packet: CapturedPacket) => void): Service {
  let stream = new CaptureStream()
  return startService({
    command: 'tcpdump',
    args: [
      ...'-Z root -n -q -U --immediate-mode -s 256 -Q in -w - -i'.split(' '),
      device,
      'ip proto 112 or ip6 proto 112',
    ],
    onOutput: (data) => {
      for (const packet of stream.push(data)) onPacket(packet)
    },
    onEnd: () => {
      stream = new CaptureStream()
    },
  })
}
