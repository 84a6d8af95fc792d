import type { Lab, Vip } from '../../../model/lab.ts'
import { contains, first4, first6, hostOf, isIpv6 } from '../address.ts'
import type { LabMaterial } from '../material.ts'
import { management, nicsOf } from '../nics.ts'
import type { PlannedNic } from '../nics.ts'

/** One interface of a firewall: `key` is the product's identifier (wan, lan, opt1), `device` the guest's name (vtnet0). */
export interface Interface {
  key: string
  device: string
  role: 'wan' | 'inside' | 'sync' | 'management'
  nic: PlannedNic
}

/** One firewall whose configuration is written, with all that the sections of it are made from. */
export interface Subject {
  lab: Lab
  machine: string
  peer: string
  isPrimary: boolean
  interfaces: Interface[]
  material: LabMaterial
}

/** Puts together what a firewall's configuration says. `machine` is one of the lab's pair. */
export function subjectOf(lab: Lab, machine: string, label: string, instance: number, material: LabMaterial): Subject {
  const { primary, secondary } = lab.pair
  const isPrimary = machine === primary
  const nics = nicsOf(lab, machine, label, instance)
  let optional = 0
  const interfaces = nics.map((nic) => {
    const named = nic.network === 'wan' || nic.network === 'lan'
    const key = named ? nic.network : `opt${++optional}`
    return { key, device: `vtnet${nic.index}`, role: roleOf(lab, nic), nic }
  })
  return { lab, machine, peer: isPrimary ? secondary : primary, isPrimary, interfaces, material }
}

/** A network that states are synced over is only that, unless it has a shared address: then it is somebody's gateway, too. */
function roleOf({ pair }: Lab, { network, address }: PlannedNic): Interface['role'] {
  if (network === management) return 'management'
  const isShared = pair.vips.some((vip) => vip.network === network)
  if (network === pair.stateSync?.network && !isShared) return 'sync'
  const isWayOut = (pair.gateways ?? []).some((gateway) => gateway.network === network)
  return network === 'wan' || address === null || isWayOut ? 'wan' : 'inside'
}

/** The interfaces with one role, in the order of their devices. */
export const withRole = ({ interfaces }: Subject, role: Interface['role']): Interface[] =>
  interfaces.filter((each) => each.role === role)

/** The interface on a network of the lab. */
export const interfaceOn = ({ interfaces }: Subject, network: string): Interface | undefined =>
  interfaces.find(({ nic }) => nic.network === network)

/** The address of a firewall on a network, without prefix; null where it has none of its own. */
export function addressOn(lab: Lab, machine: string, network: string): string | null {
  const address = first4(lab.machines[machine]?.nics[network])
  return address === null ? null : hostOf(address)
}

/** The address of any machine of the lab, without prefix: that of its first NIC that has one. */
export function addressOf({ lab }: Subject, machine: string): string {
  const nics = Object.values(lab.machines[machine]?.nics ?? {})
  return hostOf(nics.map(first4).find((address) => address !== null) ?? '')
}

/** The shared IPv4 address on a network, if there is one. */
export const vipOn = ({ lab }: Subject, network: string): Vip | undefined =>
  lab.pair.vips.find((vip) => vip.network === network && !isIpv6(vip.address))

/** A way out of a firewall. `group` is its place among those that stand in for each other. */
export interface Gateway {
  name: string
  on: Interface
  address: string
  monitor: string | null
  group: number | null
  isDefault: boolean
}

/** The gateways of a firewall: those of the pair, else its machine's own, of which DHCP needs none. The first of a family is the default. */
export function gatewaysOf(subject: Subject): Gateway[] {
  const { lab, machine, interfaces } = subject
  const shared = (lab.pair.gateways ?? []).flatMap(({ name, network, address, monitor = null, tier = null }) => {
    const on = interfaceOn(subject, network)
    return on === undefined ? [] : [{ name, on, address, monitor, group: tier }]
  })
  const given = lab.machines[machine]?.gateway
  const own = [first4(given), first6(given)].flatMap((address) => {
    const on = interfaces.find(({ nic }) => address !== null && isBeside(nic, address))
    if (address === null || on === undefined) return []
    const name = `${on.key.toUpperCase()}_GW${isIpv6(address) ? 'v6' : ''}`
    return [{ name, on, address, monitor: null, group: null }]
  })
  const all = [...shared, ...own]
  const firstOf = (is6: boolean) => all.find(({ address }) => isIpv6(address) === is6)
  return all.map((each) => ({ ...each, isDefault: each === firstOf(isIpv6(each.address)) }))
}

const isBeside = ({ address, address6 }: PlannedNic, gateway: string): boolean =>
  [address, address6].some((own) => own !== null && contains(own, gateway))

/** What the group of all gateways with a place in it is called; null where fewer than two have one. */
export const groupOf = (gateways: readonly Gateway[]): string | null =>
  gateways.filter(({ group }) => group !== null).length > 1 ? 'WAN_FAILOVER' : null
