import { bare, isInet6 } from '../net/address.ts'
import type { CarpKey } from './packet.ts'
import type { Family } from './vhid.ts'

/** One VHID on one NIC with everything it is signed and announced with; addresses carry their prefix length. */
export type VhidConfig = {
  device: string
  vhid: number
  advbase: number
  advskew: number
  password: string
  /** Of both families, aliases included. */
  addresses: string[]
  /** Unicast: the other node's addresses. */
  peers?: Partial<Record<Family, string>>
}

/** devd's name of a VHID, like `1@vtnet1`. */
export function nameOf({ vhid, device }: { vhid: number; device: string }): string {
  return `${vhid}@${device}`
}

/** The families that it has addresses of. */
export function familiesOf({ addresses }: VhidConfig): Family[] {
  const families: Family[] = ['inet', 'inet6']
  return families.filter((family) => addresses.some((address) => isInet6(address) === (family === 'inet6')))
}

/** What its advertisements are signed with. */
export function keyOf({ vhid, password, addresses }: VhidConfig): CarpKey {
  return { vhid, password, addresses: addresses.map(bare) }
}
