import { createDisk } from './node/disk.ts'
import { startMachine, type MachineSpec, type RunningMachine } from './node/machine.ts'
import type { Bind } from './node/mounts.ts'
import type { Node } from './node/node.ts'
import { openRelay, type Console, type Relay } from './relay.ts'
import type { ImageFile } from '../images/image.ts'

/** A VM as its hypervisor knows it, running or not. */
export type Vm = {
  vmid: number
  name: string
  spec: MachineSpec
  relay: Relay
  /** The machine while it runs. It vanishes by itself when the machine's first process ends. */
  running: () => RunningMachine | undefined
  /** Resolves once the machine boots; `VM N already running` when it does so already. */
  start: () => Promise<void>
  /** Power cut; nothing happens to a stopped VM. Resolves when no process and no tap is left. */
  stop: () => Promise<void>
  /** Resolves when no process of it is left; it does not stop anything. */
  gone: () => Promise<void>
}

/** What a VM is defined from. */
export type VmDefinition = {
  name: string
  spec: MachineSpec
  files: Readonly<Record<string, ImageFile>>
  binds: readonly Bind[]
}

/** Defines a stopped VM on a node: its disk and its console port exist, nothing runs. */
export async function defineVm(node: Node, { name, spec, files, binds }: VmDefinition): Promise<Vm> {
  const { vmid } = spec
  let machine: RunningMachine | undefined
  let pendingStarts = 0
  const inTurn = createQueue()
  const locateConsole = (): Console => {
    if (machine) return { state: 'on', path: `/proc/${machine.pid}/root/run/serial.sock` }
    return { state: pendingStarts > 0 ? 'booting' : 'off' }
  }
  const forget = (ended: RunningMachine): void => {
    if (machine !== ended) return
    machine = undefined
    relay.drop()
  }
  const boot = async (): Promise<void> => {
    if (machine) throw new Error(`VM ${vmid} already running`)
    const started = await startMachine(node, spec)
    machine = started
    void started.ended.then(() => forget(started))
  }
  const cut = async (): Promise<void> => {
    if (!machine) return
    const gone = machine.cut()
    forget(machine)
    await gone
  }
  const start = (): Promise<void> => {
    pendingStarts += 1
    return inTurn(boot).finally(() => (pendingStarts -= 1))
  }
  await createDisk(node, vmid, files, binds)
  const relay = await openRelay(locateConsole)
  const gone = (): Promise<void> => inTurn(async () => machine?.ended)
  return { vmid, name, spec, relay, running: () => machine, start, stop: () => inTurn(cut), gone }
}

// As Proxmox VE's lock file of a VM: one operation at a time, the others wait for their turn.
function createQueue(): (operation: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve()
  return (operation) => {
    const result = last.then(operation)
    last = result.catch(() => {})
    return result
  }
}
