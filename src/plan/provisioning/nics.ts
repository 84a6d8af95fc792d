import type { Lab } from '../../model/lab.ts'
import { macOf, vnetOf } from './names.ts'

/** What the management NIC is called among the networks of a machine; no network of a lab file can have this name. */
export const management = '(management)'

/** One NIC as the VM gets it. `address` is null where DHCP gives it. */
export interface PlannedNic {
  index: number
  network: string
  bridge: string
  mac: string
  address: string | null
}

/** The NICs of a machine in the order of the lab file; the management NIC is last, so that it moves none of the others. */
export function nicsOf(lab: Lab, machine: string, label: string, instance: number): PlannedNic[] {
  const own = Object.entries(lab.machines[machine]?.nics ?? {}).map(([network, nic], index) => ({
    index,
    network,
    bridge: vnetOf(lab, network, instance),
    mac: (typeof nic === 'string' ? undefined : nic.mac?.toUpperCase()) ?? macOf(label, machine, network),
    address: typeof nic === 'string' ? nic : null,
  }))
  if (lab.management === undefined) return own
  const { bridge, addresses } = lab.management
  const address = addresses === 'dhcp' ? null : (addresses[machine] ?? null)
  const mac = macOf(label, machine, management)
  return [...own, { index: own.length, network: management, bridge, mac, address }]
}

/** A NIC as the API takes it, whole: left out, a MAC would be made up anew. `firewall=0` because MAC filters drop CARP's virtual MAC. */
const nicString = ({ mac, bridge }: PlannedNic): string => `virtio=${mac},bridge=${bridge},firewall=0`

/** The `netN` settings of a machine. */
export const nicSettings = (nics: readonly PlannedNic[]): Record<string, string> =>
  Object.fromEntries(nics.map((nic) => [`net${nic.index}`, nicString(nic)]))
