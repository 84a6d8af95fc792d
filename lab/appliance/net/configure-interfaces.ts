import { writeFileSync } from 'node:fs'
import type { ApplianceConfig, InterfaceConfig } from '../config.ts'
import { isInet6 } from './address.ts'
import type { IpShell } from './ip-shell.ts'

/** Gives the NICs their addresses and brings them up; one that is leased is left to the DHCP client. */
export async function configureInterfaces(config: ApplianceConfig, shell: IpShell): Promise<void> {
  await shell.run('link set lo up')
  for (const each of config.interfaces) {
    const six = needsInet6(config, each)
    for (const [name, value] of Object.entries(inet6Settings(six))) {
      writeFileSync(`/proc/sys/net/ipv6/conf/${each.device}/${name}`, value)
    }
    await shell.run(...addressCommands(each))
  }
}

/** What `ip` is told for one NIC. */
export function addressCommands({ device, address, address6, aliases = [] }: InterfaceConfig): string[] {
  if (address === 'dhcp') return []
  const inet = [address, ...aliases.filter((each) => !isInet6(each))]
  const inet6 = [address6 ?? [], aliases.filter(isInet6)].flat()
  return [
    ...inet.map((each) => `addr add ${each} brd + dev ${device}`),
    ...inet6.map((each) => `addr add ${each} dev ${device} nodad`),
    `link set ${device} up`,
  ]
}

// A shared IPv6 address alone needs it too: it is advertised from the NIC's link-local address.
function needsInet6({ vips }: ApplianceConfig, { device, address6, aliases = [] }: InterfaceConfig): boolean {
  const shared = vips.filter((vip) => vip.device === device).map((vip) => vip.address)
  return address6 !== undefined || [...aliases, ...shared].some(isInet6)
}

// FreeBSD keeps static addresses while an interface is down, and a router asks nobody for routes.
function inet6Settings(isUsed: boolean): Record<string, string> {
  if (!isUsed) return { disable_ipv6: '1' }
  return { disable_ipv6: '0', accept_dad: '0', accept_ra: '0', keep_addr_on_down: '1', forwarding: '1' }
}
