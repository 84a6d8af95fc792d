import { writeFileSync } from 'node:fs'
import { isInet6 } from '../net/address.ts'
import type { IpShell } from '../net/ip-shell.ts'
import { virtualMac } from './frame.ts'
import { virtualDevice } from './virtual-device.ts'
import type { VhidConfig } from './vhid-config.ts'

/** The macvlan that carries a VHID's virtual MAC and addresses: down in BACKUP and INIT, up in MASTER. */
export type VirtualAddress = { raise: () => Promise<void>; lower: () => Promise<void> }

/** Creates it, down. The kernel announces nothing itself: the speaker does, once it has advertised. */
export async function createVirtualAddress(shell: IpShell, config: VhidConfig): Promise<VirtualAddress> {
  const device = virtualDevice(config)
  const inet6 = config.addresses.filter(isInet6)
  await shell.run(
    `link add link ${config.device} name ${device} address ${virtualMac(config.vhid)} type macvlan mode private`,
    `link set ${device} addrgenmode none`,
  )
  for (const [name, value] of Object.entries(settings(device, inet6.length > 0))) writeFileSync(name, value)
  const addresses = config.addresses.map((address) => {
    return `addr add ${address} ${isInet6(address) ? 'nodad' : 'brd +'} dev ${device} noprefixroute`
  })
  await shell.run(...addresses)
  return {
    raise: () => shell.run(`link set ${device} up`),
    lower: () => shell.run(`link set ${device} down`),
  }
}

// Linux takes IPv6 addresses away from an interface that goes down unless it is told to keep them.
function settings(device: string, hasInet6: boolean): Record<string, string> {
  const [inet, inet6] = ['ipv4', 'ipv6'].map((family) => `/proc/sys/net/${family}/conf/${device}`)
  return {
    [`${inet}/arp_notify`]: '0',
    [`${inet6}/disable_ipv6`]: hasInet6 ? '0' : '1',
    ...(hasInet6 && {
      [`${inet6}/keep_addr_on_down`]: '1',
      [`${inet6}/accept_dad`]: '0',
      [`${inet6}/accept_ra`]: '0',
      [`${inet6}/forwarding`]: '1',
    }),
  }
}
