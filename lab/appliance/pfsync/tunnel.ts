import { writeFileSync } from 'node:fs'
import type { IpShell } from '../net/ip-shell.ts'
import { startService } from '../system/service.ts'

/** The inside addresses of pfsync0; both nodes derive them from their order on the sync network. */
export type TunnelAddresses = { own: string; peer: string }

/** What pfsync says of itself on the wire; nodes of different versions do not understand each other. */
export type PfsyncVersion = 1301 | 1400 | 1500

/** How the packets of a node travel. */
export type Tunnel = { own: string; peer: string; mtu: number; version: PfsyncVersion }

const ipHeaderBytes = 20
// SOL_SOCKET, SO_RCVBUFFORCE, 16 MiB: a bulk update comes as fast as the peer can send, and what is dropped here is lost.
const receiveBuffer = 'setsockopt-int=1:33:16777216'
const networks: Readonly<Record<PfsyncVersion, string>> = {
  1301: '169.254.241',
  1400: '169.254.240',
  1500: '169.254.242',
}

/** The node with the lower sync address is .1 inside. Each version has a network of its own: that is its version field. */
export function tunnelAddresses(own: string, peer: string, version: PfsyncVersion = 1400): TunnelAddresses {
  const [low, high] = [`${networks[version]}.1`, `${networks[version]}.2`]
  return numberOf(own) < numberOf(peer) ? { own: low, peer: high } : { own: high, peer: low }
}

/**
 * Creates pfsync0, a TUN whose packets travel as IP protocol 240 between the two sync addresses.
 * Its queue holds a bulk update of tens of thousands of states; its MTU leaves room for the outer header.
 */
export async function openTunnel(
  shell: IpShell,
  outer: Tunnel,
  onEnd: (status: string) => void,
): Promise<TunnelAddresses> {
  const inner = tunnelAddresses(outer.own, outer.peer, outer.version)
  await shell.run('tuntap add dev pfsync0 mode tun')
  writeFileSync('/proc/sys/net/ipv6/conf/pfsync0/disable_ipv6', '1')
  await shell.run(
    `link set pfsync0 mtu ${outer.mtu - ipHeaderBytes} txqueuelen 20000`,
    `addr add ${inner.own} peer ${inner.peer} dev pfsync0`,
    'link set pfsync0 up',
  )
  const wire = `IP4-DATAGRAM:${outer.peer}:240,bind=${outer.own},${receiveBuffer}`
  startService({ command: 'socat', args: ['TUN,tun-name=pfsync0,iff-no-pi', wire], onEnd })
  return inner
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}
