import { writeFileSync } from 'node:fs'
import type { IpShell } from '../net/ip-shell.ts'
import type { VhidConfig } from './speaker.ts'

/** The macvlan that carries a VHID's virtual MAC and addresses: down in BACKUP and INIT, up in MASTER. */
export type VirtualAddress = { device: string; raise: () => Promise<void>; lower: () => Promise<void> }

/**
 * Creates it, down. Raising makes the kernel send exactly one gratuitous ARP per address (`arp_notify`),
 * none with `announce: false`.
 */
export async function createVirtualAddress(
  shell: IpShell,
  config: VhidConfig,
  { announce }: { announce: boolean },
): Promise<VirtualAddress> {
  const device = `carp${config.vhid}`
  await shell.run(
    `link add link ${config.device} name ${device} address ${virtualMac(config.vhid)} type macvlan mode private`,
  )
  writeFileSync(`/proc/sys/net/ipv6/conf/${device}/disable_ipv6`, '1')
  writeFileSync(`/proc/sys/net/ipv4/conf/${device}/arp_notify`, announce ? '1' : '0')
  await shell.run(...config.addresses.map((address) => `addr add ${address} brd + dev ${device} noprefixroute`))
  return {
    device,
    raise: () => shell.run(`link set ${device} up`),
    lower: () => shell.run(`link set ${device} down`),
  }
}

/** `00:00:5e:00:01:<vhid>`. */
function virtualMac(vhid: number): string {
  return `00:00:5e:00:01:${vhid.toString(16).padStart(2, '0')}`
}
