import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { images } from '../images/registry.ts'
import type { ImageInput, RenderedImage } from '../images/image.ts'
import type { Machine, Topology } from '../topologies/topology.ts'
import { routes } from './api/routes/all.ts'
import { startApi } from './api/server.ts'
import { baseFiles } from './base-files.ts'
import { createCertificate } from './certificate.ts'
import type { Cluster, Vnet } from './cluster.ts'
import { LabError } from './lab-error.ts'
import { batch, vnetCommands, type Nic } from './node/nic.ts'
import type { Bind } from './node/mounts.ts'
import { startNode, type Node } from './node/node.ts'
import { createSshKey, type SshKey } from './ssh-key.ts'
import { writeState, type Target } from './state.ts'
import { createTasks } from './tasks.ts'
import { defineVm, type Vm } from './vm.ts'

/** What a lab is made of. `defects` are names of faults by machine; `state` is the folder for target file, token and key. */
export type LabOptions = { topology: Topology; state: string; defects: Readonly<Record<string, readonly string[]>> }

/** A running hypervisor with the lab's VMs defined, all stopped. */
export type Lab = { targetFile: string; close: () => Promise<void> }

const nodeName = 'pve1'
const firstVmid = 9101

/** Builds the lab; its API answers when this resolves. Undoes what it did when it fails. */
export async function startLab({ topology, state, defects }: LabOptions): Promise<Lab> {
  const undo: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const accessKey = createSshKey()
    const rendered = renderMachines(topology, defects, accessKey)
    const node = await startNode(nodeName)
    undo.push(() => node.close())
    const vnets = Object.entries(topology.networks).map(([alias, { vlan }]): Vnet => ({
      vnet: vnetName(vlan),
      tag: vlan,
      alias,
    }))
    await node.run(batch(vnets.flatMap(({ vnet }) => vnetCommands(vnet))))
    const vms = await Promise.all(rendered.map((machine, index) => define(node, topology, machine, firstVmid + index)))
    undo.push(async () => void (await Promise.all(vms.map((vm) => vm.relay.close()))))
    const certificate = await createCertificate(nodeName)
    const cluster = createCluster(vms, vnets, certificate.fingerprint)
    undo.push(cluster.tasks.close)
    const api = await startApi(cluster, routes, certificate)
    undo.push(api.close)
    const target = describeTarget(api.url, cluster, rendered, vms)
    const files = await writeState(state, { target, token: cluster.token, privateKey: accessKey.privateKey })
    undo.push(files.remove)
    return { targetFile: files.targetFile, close }
  } catch (error) {
    await close()
    throw error
  }
}

type RenderedMachine = { name: string; machine: Machine; hostKey: SshKey; image: RenderedImage }

function renderMachines(topology: Topology, defects: LabOptions['defects'], accessKey: SshKey): RenderedMachine[] {
  const keys = new Map(Object.keys(topology.machines).map((name) => [name, createSshKey()]))
  const hostKeys = Object.fromEntries([...keys].map(([name, { publicKey }]) => [name, publicKey]))
  const common = { topology, hostKeys, insideKey: createSshKey(), reveal: createReveal() }
  return Object.entries(topology.machines).map(([name, machine]) => {
    const hostKey = keys.get(name) ?? createSshKey()
    const image = renderImage({ ...common, name, machine, defects: defects[name] ?? [] })
    return {
      name,
      machine,
      hostKey,
      image: { ...image, files: { ...baseFiles(name, hostKey, [accessKey.publicKey]), ...image.files } },
    }
  })
}

function renderImage(input: ImageInput): RenderedImage {
  const { name, machine } = input
  const image = images.find(({ pattern }) => pattern.test(machine.image))
  if (!image)
    throw new LabError(
      `machine ${name}: unknown image ${machine.image}`,
      'see lab/images/registry.ts for the known ones',
      64,
    )
  try {
    return image.render(input)
  } catch (error) {
    throw new LabError(error instanceof Error ? error.message : String(error), 'correct the topology or the defect', 64)
  }
}

// Secrets of an embedded lab are random unless the environment has them; one value per name and lab.
function createReveal(): (text: string) => string {
  const values = new Map<string, string>()
  const valueOf = (name: string): string => {
    const variable = `FIREDRILL_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
    const value = values.get(name) ?? process.env[variable] ?? randomBytes(12).toString('hex')
    values.set(name, value)
    return value
  }
  return (text) => text.replace(/\$\{secret:([\w-]+)\}/g, (_match, name: string) => valueOf(name))
}

function define(node: Node, topology: Topology, { name, machine, image }: RenderedMachine, vmid: number): Promise<Vm> {
  const nics = Object.entries(machine.nics).map(([network, nic], index): Nic => {
    const mac = typeof nic === 'string' ? undefined : nic.mac
    const bridge = vnetName(topology.networks[network]?.vlan ?? 0)
    return { index, guestName: `${image.nicPrefix}${index}`, mac: mac ?? macAddress(vmid, index), bridge }
  })
  const spec = { vmid, hostName: name, nics }
  return defineVm(node, { name: `${topology.lab}-${name}`, spec, files: image.files, binds: programBinds() })
}

function programBinds(): Bind[] {
  const folder = (name: string): string => join(import.meta.dirname, '..', name)
  return [
    { source: process.execPath, target: '/opt/firedrill/bin/node' },
    { source: folder('appliance'), target: '/opt/firedrill/appliance' },
    { source: folder('images'), target: '/opt/firedrill/images' },
  ]
}

function vnetName(vlan: number): string {
  return `vnet${vlan}`
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
  cluster: Cluster,
  machines: readonly RenderedMachine[],
  vms: readonly Vm[],
): Target {
  const addresses = machines.map(({ name, hostKey }, index) => {
    const port = vms[index]?.relay.port ?? 0
    return [name, { ssh: { host: '127.0.0.1', port, hostKey: hostKey.publicKey } }]
  })
  const { node, fingerprint } = cluster
  return { url, fingerprint, node, storage: 'local', bridge: 'vmbr0', machines: Object.fromEntries(addresses) }
}
