import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Topology } from '../topologies/topology.ts'
import { routes } from './api/routes/all.ts'
import { startApi } from './api/server.ts'
import { createCertificate } from './certificate.ts'
import type { Cluster, Vnet } from './cluster.ts'
import { renderMachines, type RenderedMachine } from './machines.ts'
import { batch, vnetCommands, type Nic } from './node/nic.ts'
import type { Bind } from './node/mounts.ts'
import { startNode, type Node } from './node/node.ts'
import { createSshKey } from './ssh-key.ts'
import { writeState, type Target } from './state.ts'
import { createTasks } from './tasks.ts'
import { defineVm, type Vm } from './vm.ts'

/** What a lab is made of. `defects` are names of faults by machine; `state` is the folder for target file, token and key. */
export type LabOptions = { topology: Topology; state: string; defects: Readonly<Record<string, readonly string[]>> }

/** A running hypervisor with the lab's VMs defined, all stopped. `lost` resolves when its node ends by itself. */
export type Lab = { targetFile: string; lost: Promise<void>; close: () => Promise<void> }

const nodeName = 'pve1'
const firstVmid = 9101

/** Builds the lab; its API answers when this resolves. Undoes what it did when it fails. */
export async function startLab({ topology, state, defects }: LabOptions): Promise<Lab> {
  const undo: Undo[] = []
  const close = (): Promise<void> => undoAll(undo.splice(0).toReversed())
  try {
    const accessKey = createSshKey()
    const machines = renderMachines(topology, defects, accessKey)
    const node = await startNode(nodeName)
    undo.push(node.close)
    const vnets = await createVnets(node, topology)
    const vms = await defineVms(node, topology, machines, (vm) => {
      undo.unshift(vm.gone)
      undo.push(vm.relay.close)
    })
    const certificate = await createCertificate(nodeName)
    const cluster = createCluster(vms, vnets, certificate.fingerprint)
    undo.push(cluster.tasks.close)
    const api = await startApi(cluster, routes, certificate)
    undo.push(api.close)
    const target = describeTarget(api.url, cluster, machines, vms)
    const files = await writeState(state, { target, token: cluster.token, privateKey: accessKey.privateKey })
    undo.push(files.remove)
    return { targetFile: files.targetFile, lost: node.ended, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Undo = () => Promise<unknown> | void

// All steps are taken, whatever becomes of one; the first complaint counts.
async function undoAll(steps: readonly Undo[]): Promise<void> {
  const complaints: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      complaints.push(error)
    }
  }
  if (complaints.length > 0) throw complaints[0]
}

async function createVnets(node: Node, { networks }: Topology): Promise<Vnet[]> {
  const vnets = Object.entries(networks).map(([alias, { vlan }]) => ({ vnet: vnetName(vlan), tag: vlan, alias }))
  await node.run(batch(vnets.flatMap(({ vnet }) => vnetCommands(vnet))))
  return vnets
}

function vnetName(vlan: number | undefined): string {
  return `vnet${vlan ?? 0}`
}

function defineVms(
  node: Node,
  { lab, networks }: Topology,
  machines: readonly RenderedMachine[],
  note: (vm: Vm) => void,
): Promise<Vm[]> {
  const defining = machines.map(async ({ name, machine, image }, order) => {
    const vmid = firstVmid + order
    const nics = Object.entries(machine.nics).map(([network, nic], index): Nic => {
      const mac = (typeof nic === 'string' ? undefined : nic.mac) ?? macAddress(vmid, index)
      return { index, guestName: `${image.nicPrefix}${index}`, mac, bridge: vnetName(networks[network]?.vlan) }
    })
    const spec = { vmid, hostName: name, nics }
    const vm = await defineVm(node, { name: `${lab}-${name}`, spec, files: image.files, binds: programBinds() })
    note(vm)
    return vm
  })
  return Promise.all(defining)
}

function programBinds(): Bind[] {
  const folder = (name: string): string => join(import.meta.dirname, '..', name)
  return [
    { source: process.execPath, target: '/opt/firedrill/bin/node' },
    { source: folder('appliance'), target: '/opt/firedrill/appliance' },
    { source: folder('images'), target: '/opt/firedrill/images' },
  ]
}

// Proxmox VE's own prefix; the rest tells VM and NIC.
function macAddress(vmid: number, index: number): string {
  const bytes = [vmid >> 8, vmid & 0xff, index].map((byte) => byte.toString(16).padStart(2, '0'))
  return `bc:24:11:${bytes.join(':')}`
}

function createCluster(vms: readonly Vm[], vnets: readonly Vnet[], fingerprint: string): Cluster {
  return {
    node: nodeName,
    fingerprint,
    token: `root@pam!firedrill=${randomUUID()}`,
    startedAtMs: Date.now(),
    zone: { zone: 'fdlab', bridge: 'vmbr0' },
    vnets,
    vms: new Map(vms.map((vm) => [vm.vmid, vm])),
    tasks: createTasks(),
  }
}

function describeTarget(
  url: string,
  { node, fingerprint }: Cluster,
  machines: readonly RenderedMachine[],
  vms: readonly Vm[],
): Target {
  const addresses: Target['machines'] = {}
  for (const [index, { name, hostKey }] of machines.entries()) {
    const port = vms[index]?.relay.port ?? 0
    addresses[name] = { ssh: { host: '127.0.0.1', port, hostKey: hostKey.publicKey } }
  }
  return { url, fingerprint, node, storage: 'local', bridge: 'vmbr0', machines: addresses }
}
