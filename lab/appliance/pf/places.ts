import { virtualDevice } from '../carp/virtual-device.ts'
import type { SystemConfig } from '../config.ts'
import { bare, isInet6 } from '../net/address.ts'
import { networkOf } from '../net/network.ts'

/** What rules need of the configuration to know where an interface is. */
export type Places = Pick<SystemConfig, 'interfaces' | 'vips' | 'openvpnClients'>

/** The devices that packets of an interface come in on: its NIC and the virtual ones of its VHIDs, or a tunnel. */
export function devicesOf({ interfaces, vips, openvpnClients }: Places, key: string): string[] {
  const device = interfaces.find((each) => each.key === key)?.device
  if (device === undefined) return openvpnClients.flatMap((each) => (each.key === key ? [each.device] : []))
  const virtual = vips.filter((vip) => vip.device === device).map(virtualDevice)
  return [device, ...new Set(virtual)]
}

/** The device that packets leave an interface by. */
export function deviceOf(places: Places, key: string): string | undefined {
  return devicesOf(places, key)[0]
}

/** Keys of all interfaces, tunnels last. */
export function keysOf({ interfaces, openvpnClients }: Places): string[] {
  return [...interfaces.map(({ key }) => key), ...openvpnClients.flatMap(({ key }) => key ?? [])]
}

/** The interface's own address of each family, bare; a leased one is not known here. */
export function ownAddresses({ interfaces }: Places, key: string): string[] {
  return cidrsOf({ interfaces }, key).map(bare)
}

/** The networks of an interface, of both families. */
export function networksOf({ interfaces }: Places, key: string): string[] {
  return cidrsOf({ interfaces }, key).map(networkOf)
}

/** Whether an interface is a way out: what is behind it is not ours. */
export function isOutside({ interfaces, openvpnClients }: Places, key: string): boolean {
  const on = interfaces.find((each) => each.key === key)
  if (on === undefined) return openvpnClients.some((each) => each.key === key)
  return key === 'wan' || on.gateway !== undefined || on.gateway6 !== undefined
}

/** Every address at which an interface is reached in IPv4: its own, its aliases' and its VIPs'. */
export function reachedAt({ interfaces, vips }: Places, key: string): string[] {
  const on = interfaces.find((each) => each.key === key)
  if (on === undefined) return []
  const shared = vips.filter(({ device }) => device === on.device).map(({ address }) => address)
  const all = [...cidrsOf({ interfaces }, key), ...(on.aliases ?? []), ...shared]
  return [...new Set(all.filter((address) => !isInet6(address)).map(bare))]
}

function cidrsOf({ interfaces }: Pick<Places, 'interfaces'>, key: string): string[] {
  const on = interfaces.find((each) => each.key === key)
  if (on === undefined) return []
  return [on.address === 'dhcp' ? [] : on.address, on.address6 ?? []].flat()
}
