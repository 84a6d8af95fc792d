import { writeFileSync } from 'node:fs'
import type { IpShell } from '../net/ip-shell.ts'
import { startService } from '../system/service.ts'

/** The inside addresses of pfsync0; both nodes derive them from their order on the sync network. */
export type TunnelAddresses = { own: string; peer: string }

const ipHeaderBytes = 20
// SOL_SOCKET, SO_RCVBUFFORCE, 16 MiB: a bulk update comes as fast as the peer can send, and what is dropped here is lost.
const receiveBuffer = 'setsockopt-int=1:33:16777216'

/** The node with the lower sync address is .1 inside. */
export function tunnelAddresses(own: string, peer: string): TunnelAddresses {
  const [low, high] = ['169.254.240.1', '169.254.240.2'] as const
  return numberOf(own) < numberOf(peer) ? { own: low, peer: high } : { own: high, peer: low }
}

/**
 * Creates pfsync0, a TUN whose packets travel as IP protocol 240 between the two sync addresses.
 * Its queue holds a bulk update of tens of thousands of states; its MTU leaves room for the outer header.
 */
export async function openTunnel(
  shell: IpShell,
  outer: { own: string; peer: string; mtu: number },
  onEnd: (status: string) => void,
): Promise<TunnelAddresses> {
  const inner = tunnelAddresses(outer.own, outer.peer)
  await shell.run('tuntap add dev pfsync0 mode tun')
  writeFileSync('/proc/sys/net/ipv6/conf/pfsync0/disable_ipv6', '1')
  await shell.run(
    `link set pfsync0 mtu ${outer.mtu - ipHeaderBytes} txqueuelen 20000`,
    `addr add ${inner.own} peer ${inner.peer} dev pfsync0`,
    'link set pfsync0 up',
  )
  startService({
    command: 'socat',
    args: ['TUN,tun-name=pfsync0,iff-no-pi', `IP4-DATAGRAM:${outer.peer}:240,bind=${outer.own},${receiveBuffer}`],
    onEnd,
  })
  return inner
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}
