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
  let starting: Promise<RunningMachine> | undefined
  let stopping = Promise.resolve()
  const locateConsole = (): Console => {
    if (machine) return { state: 'on', path: `/proc/${machine.pid}/root/run/serial.sock` }
    return { state: starting ? 'booting' : 'off' }
  }
  await createDisk(node, vmid, files, binds)
  const relay = await openRelay(locateConsole)

  const start = async (): Promise<void> => {
    if (machine || starting) throw new Error(`VM ${vmid} already running`)
    starting = stopping.then(() => startMachine(node, spec))
    try {
      const started = await starting
      machine = started
      void started.ended.then(() => forget(started))
    } finally {
      starting = undefined
    }
  }
  const forget = (ended: RunningMachine): void => {
    if (machine !== ended) return
    machine = undefined
    relay.drop()
  }
  const stop = async (): Promise<void> => {
    const victim = machine ?? (await starting?.catch(() => undefined))
    if (!victim) return
    stopping = victim.cut()
    forget(victim)
    await stopping
  }
  const gone = async (): Promise<void> => {
    await (machine ?? (await starting?.catch(() => undefined)))?.ended
    await stopping
  }
  return { vmid, name, spec, relay, running: () => machine, start, stop, gone }
}
