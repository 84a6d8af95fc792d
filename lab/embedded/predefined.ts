import type { Topology } from '../topologies/topology.ts'
import { vmName, type Consoles } from './consoles.ts'
import { nodeOf, type Cluster } from './cluster.ts'
import { renderMachines, type RenderedMachine } from './machines.ts'
import { setUpVnets } from './sdn/apply.ts'
import { copyConfig } from './sdn/sdn.ts'
import type { SshKey } from './ssh-key.ts'
import { newVm, type VmConfig } from './vm/vm.ts'

const firstVmid = 9101
const zone = 'fdlab'

/** Defines the networks and VMs of a topology as if somebody had provisioned them: applied, stopped, on the first node. */
export async function definePredefined(
  cluster: Cluster,
  { topology, defects }: { topology: Topology; defects: Readonly<Record<string, readonly string[]>> },
  { accessKey, consoles }: { accessKey: SshKey; consoles: Consoles },
): Promise<void> {
  const hostKeyOf = (machine: string): SshKey => consoles.hostKeyOf(vmName(topology.lab, 0, machine))
  const machines = renderMachines(topology, defects, accessKey, hostKeyOf)
  await defineNetworks(cluster, topology)
  await Promise.all(machines.map((machine, order) => defineVm(cluster, topology, machine, firstVmid + order)))
}

async function defineNetworks(cluster: Cluster, { networks }: Topology): Promise<void> {
  const { draft } = cluster.sdn
  const before = copyConfig(draft)
  draft.zones.set(zone, { zone, type: 'vlan', bridge: 'vmbr0', ipam: 'pve' })
  for (const [alias, network] of Object.entries(networks)) {
    const tag = tagOf(network)
    const vnet = vnetName(network)
    draft.vnets.set(vnet, { vnet, type: 'vnet', zone, tag, alias })
  }
  cluster.sdn.applied = copyConfig(draft)
  for (const node of cluster.nodes.values()) await setUpVnets(node, before, cluster.sdn.applied)
}

async function defineVm(
  cluster: Cluster,
  topology: Topology,
  { name, machine, image }: RenderedMachine,
  vmid: number,
): Promise<void> {
  const config: VmConfig = {
    name: vmName(topology.lab, 0, name),
    tags: 'firedrill',
    ostype: 'l26',
    cores: '1',
    sockets: '1',
    memory: '256',
  }
  for (const [index, [network, nic]] of Object.entries(machine.nics).entries()) {
    const mac = givenMac(nic) ?? macAddress(vmid, index)
    config[`net${index}`] = `virtio=${mac.toUpperCase()},bridge=${vnetName(topology.networks[network])},firewall=0`
  }
  const vm = newVm({ vmid, node: cluster.localNode, nicPrefix: image.nicPrefix, isBlank: false, config })
  vm.hasHostKey = true
  vm.hostName = name
  await nodeOf(cluster, vm.node).hardware.createDisk(vmid, image.files)
  cluster.vms.set(vmid, vm)
}

type Network = Topology['networks'][string] | undefined

// One node, so a tunnel between nodes is the same as a VLAN.
const tagOf = (network: Network): number => network?.vlan ?? network?.vxlan ?? 0

const vnetName = (network: Network): string => `vnet${tagOf(network)}`

const givenMac = (nic: RenderedMachine['machine']['nics'][string]): string | undefined =>
  typeof nic === 'object' && 'mac' in nic ? nic.mac : undefined

// Proxmox VE's own prefix; the rest tells VM and NIC.
function macAddress(vmid: number, index: number): string {
  const bytes = [vmid >> 8, vmid & 0xff, index].map((byte) => byte.toString(16).padStart(2, '0'))
  return `bc:24:11:${bytes.join(':')}`
}
