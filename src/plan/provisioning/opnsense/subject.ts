import type { Lab, Vip } from '../../../model/lab.ts'
import { contains, first4, hostOf, isIpv6 } from '../address.ts'
import type { LabMaterial } from '../material.ts'
import { management, nicsOf } from '../nics.ts'
import type { PlannedNic } from '../nics.ts'

/** One interface of a firewall: `key` is OPNsense's identifier (wan, lan, opt1), `device` the guest's name (vtnet0). */
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

function roleOf(lab: Lab, nic: PlannedNic): Interface['role'] {
  if (nic.network === management) return 'management'
  if (nic.network === lab.pair.stateSync?.network) return 'sync'
  return nic.network === 'wan' || nic.address === null ? 'wan' : 'inside'
}

/** The interface on a network of the lab. */
export const interfaceOn = ({ interfaces }: Subject, network: string): Interface | undefined =>
  interfaces.find(({ nic }) => nic.network === network)

/** The address of a firewall on a network, without prefix; null where it has none of its own. */
export function addressOn(lab: Lab, machine: string, network: string): string | null {
  const address = first4(lab.machines[machine]?.nics[network])
  return address === null ? null : hostOf(address)
}

/** The shared IPv4 address on a network, if there is one. */
export const vipOn = ({ lab }: Subject, network: string): Vip | undefined =>
  lab.pair.vips.find((vip) => vip.network === network && !isIpv6(vip.address))

/** The gateway of a firewall that lies on an interface's subnet; null where there is none, or DHCP brings it. */
export function gatewayOn({ lab, machine }: Subject, { nic }: Interface): string | null {
  const gateway = first4(lab.machines[machine]?.gateway)
  return gateway !== null && nic.address !== null && contains(nic.address, gateway) ? gateway : null
}
