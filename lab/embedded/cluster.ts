import type { Tasks } from './tasks.ts'
import type { Vm } from './vm.ts'

/** What the REST server shows: one node, its VMs and SDN objects, and who may ask. */
export type Cluster = {
  node: string
  fingerprint: string
  /** The full token, `USER@REALM!ID=UUID`. */
  token: string
  startedAtMs: number
  zone: Zone
  vnets: readonly Vnet[]
  vms: ReadonlyMap<number, Vm>
  tasks: Tasks
}

/** An SDN zone of type `vlan`. */
type Zone = { zone: string; bridge: string }

/** An SDN vnet: `vnet` is its bridge's name, `tag` its VLAN, `alias` the network's name in the topology. */
export type Vnet = { vnet: string; tag: number; alias: string }

/** The state of a VM as `qm config` would print it; NICs in Proxmox's short form. */
export function vmConfig({ spec, name }: Vm): Record<string, string | number> {
  const config: Record<string, string | number> = {
    name,
    tags: 'firedrill',
    ostype: 'l26',
    cores: 1,
    sockets: 1,
    memory: '256',
  }
  for (const { index, mac, bridge } of spec.nics) {
    config[`net${index}`] = `virtio=${mac.toUpperCase()},bridge=${bridge},firewall=0`
  }
  return config
}
