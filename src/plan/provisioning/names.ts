import { createHash } from 'node:crypto'
import type { Lab } from '../../model/lab.ts'
import type { LabPlace } from './place.ts'

/** VMIDs, and so machines, that one instance of a lab may take. */
export const machinesPerLab = 10
/** How far VLAN tags move from one instance to the next. */
const tagsPerInstance = 10
/** Every VM and template that firedrill makes carries it. */
export const ownTag = 'firedrill'
/** Of the templates that lab/build makes, and of their clones until these are configured. */
export const templateTag = 'firedrill-template'

/** On the first VM of a lab that stands and is kept after the command that made it. */
export const keptTag = 'firedrill-kept'

/** The snapshot of a machine that is ready for its first trial. */
export const cleanSnapshot = 'firedrill-clean'

type Spot = Pick<LabPlace, 'firstVmid' | 'instance'>

/** What one instance of a lab is called, like `opnsense-single-wan` and `opnsense-single-wan-i1`. */
export const labelOf = (lab: string, instance: number): string => (instance === 0 ? lab : `${lab}-i${instance}`)

/** The pool that holds everything of a lab; its creation is the lab's lock. */
export const poolOf = (label: string): string => `firedrill-${label}`

export const zoneOf = (instance: number): string => `fd${instance}`

/** The zone of an instance's tunnels between nodes. */
export const tunnelZoneOf = (instance: number): string => `fd${instance}x`

/** The zone that a network of a lab is in. */
export const zoneOfNetwork = (lab: Lab, network: string, instance: number): string =>
  lab.networks[network]?.vxlan === undefined ? zoneOf(instance) : tunnelZoneOf(instance)

export const vmNameOf = (label: string, machine: string): string => `${label}-${machine}`

export const vmidOf = (lab: Lab, spot: Spot, machine: string): number =>
  firstVmidOf(spot) + Object.keys(lab.machines).indexOf(machine)

/** The first of the ten VMIDs of an instance. */
export const firstVmidOf = ({ firstVmid, instance }: Spot): number => firstVmid + machinesPerLab * instance

export const vlanOf = (lab: Lab, network: string, instance: number): number =>
  (tagOf(lab.networks[network]) ?? 0) + tagsPerInstance * instance

const tagOf = (network: Lab['networks'][string] | undefined): number | undefined => network?.vlan ?? network?.vxlan

/** The id of a vnet, which is also the name of its bridge on every node. */
export const vnetOf = (lab: Lab, network: string, instance: number): string => `fd${vlanOf(lab, network, instance)}`

/** The mark that says whose a vnet is. */
export const aliasOf = (label: string, network: string): string => `firedrill ${label} ${network}`

/** Proxmox VE keeps tags in lower case. */
export const tagsOf = (lab: string): string[] => [ownTag, lab.toLowerCase()]

/** The template that machines of an image are clones of: dots are not allowed in VM names' labels. */
export const templateOf = (image: string): string => `firedrill-${image.replaceAll('.', '-')}`

/** The CD of a machine. */
export const discOf = (label: string, machine: string): string => `firedrill-${vmNameOf(label, machine)}.iso`

/** A MAC of the hypervisor's own prefix that stays the same for the same NIC of the same instance. */
export function macOf(label: string, machine: string, nic: string): string {
  const digest = createHash('sha256').update(`${label}/${machine}/${nic}`).digest('hex')
  return ['bc:24:11', ...[0, 2, 4].map((at) => digest.slice(at, at + 2))].join(':').toUpperCase()
}
