import type { Lab } from '../../model/lab.ts'
import { first4, first6 } from './address.ts'
import { macOf, vnetOf } from './names.ts'

/** What the management NIC is called among the networks of a machine; no network of a lab file can have this name. */
export const management = '(management)'

/** One NIC as the VM gets it. `address` is null where DHCP gives it, `address6` where the network has no IPv6. */
export interface PlannedNic {
  index: number
  network: string
  bridge: string
  mac: string
  address: string | null
  address6: string | null
}

/** The NICs of a machine in the order of the lab file; the management NIC is last, so that it moves none of the others. */
export function nicsOf(lab: Lab, machine: string, label: string, instance: number): PlannedNic[] {
  const own = Object.entries(lab.machines[machine]?.nics ?? {}).map(([network, nic], index) => ({
    index,
    network,
    bridge: vnetOf(lab, network, instance),
    mac: givenMac(nic) ?? macOf(label, machine, network),
    address: first4(nic),
    address6: first6(nic),
  }))
  if (lab.management === undefined) return own
  const { bridge, addresses } = lab.management
  const address = addresses === 'dhcp' ? null : (addresses[machine] ?? null)
  const mac = macOf(label, machine, management)
  return [...own, { index: own.length, network: management, bridge, mac, address, address6: null }]
}

type Nic = Lab['machines'][string]['nics'][string]

const givenMac = (nic: Nic): string | undefined =>
  typeof nic === 'object' && 'mac' in nic ? nic.mac?.toUpperCase() : undefined

/** A NIC as the API takes it, whole: left out, a MAC would be made up anew. `firewall=0` because MAC filters drop CARP's virtual MAC. */
const nicString = ({ mac, bridge }: PlannedNic): string => `virtio=${mac},bridge=${bridge},firewall=0`

/** The `netN` settings of a machine. */
export const nicSettings = (nics: readonly PlannedNic[]): Record<string, string> =>
  Object.fromEntries(nics.map((nic) => [`net${nic.index}`, nicString(nic)]))
