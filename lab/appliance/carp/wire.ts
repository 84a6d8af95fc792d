import { CaptureStream, type CapturedPacket } from './capture.ts'
import { carpPacketBytes } from './packet.ts'
import { type Service, startService } from '../system/service.ts'

/** Sends advertisements of one VHID: multicast, TTL 255, from the NIC's own address, virtual MAC as Ethernet source. */
export type Transmitter = { send: (packet: Buffer) => void; stop: () => void }

/**
 * Starts the sender on the macvlan that has the virtual MAC. The interface must be up at each `send`.
 * @param source the NIC's own IPv4 address
 */
export function startTransmitter(macvlan: string, source: string): Transmitter {
  const target = `IP4-SENDTO:224.0.0.18:112,so-bindtodevice=${macvlan},bind=${source}`
  const service = startService({
    command: 'socat',
    args: ['-u', '-b', String(carpPacketBytes), '-', `${target},ip-multicast-ttl=255,ip-multicast-loop=0,tos=0xe0`],
    restartAfterMs: 20,
  })
  return { send: (packet) => service.write(packet), stop: service.stop }
}

/** Listens for protocol 112 coming in on a NIC, with headers: socat's own receivers hide the TTL. */
export function startReceiver(device: string, onPacket: (packet: CapturedPacket) => void): Service {
  let stream = new CaptureStream()
  return startService({
    command: 'tcpdump',
    args: [...'-Z root -n -q -U --immediate-mode -s 256 -Q in -w - -i'.split(' '), device, 'ip proto 112'],
    onOutput: (data) => {
      for (const packet of stream.push(data)) onPacket(packet)
    },
    onEnd: () => {
      stream = new CaptureStream()
    },
  })
}
