import type { RunningMachine } from '../node/machine.ts'
import { createFileLock, type FileLock } from './file-lock.ts'

/** The configuration of a VM by key, values as text. */
export type VmConfig = Record<string, string>

/** A kept state of disk and configuration. `takenAt` in seconds since 1970. */
export type Snapshot = { name: string; description: string; takenAt: number; config: VmConfig; parent?: string }

/** A QEMU process, so to speak: what exists from start to stop, resets included. */
export type Running = {
  machine: RunningMachine
  /** PID and start of the first machine; a reset does not change them. */
  pid: number
  startedAtMs: number
  isPaused: boolean
  /** The configuration had the guest agent when it was started. */
  hasAgent: boolean
  /** NICs that were taken out of their bridge and could not be put into the new one. */
  detached: Set<number>
  /** Finished and running programs of the agent, by guest PID. */
  agentCalls: Map<number, Promise<string[]>>
}

/** A VM as its cluster knows it. */
export type Vm = {
  vmid: number
  /** The node that has its disk. */
  node: string
  pool?: string
  nicPrefix: 'eth' | 'vtnet'
  /** Nothing is installed on its disk: it runs, but hears no power button and gives no NIC back. */
  isBlank: boolean
  config: VmConfig
  pending: Map<string, string>
  pendingDeletes: Set<string>
  snapshots: Map<string, Snapshot>
  currentParent?: string
  lock: FileLock
  running?: Running
  /** Starts that have been asked for and are not done: its console is worth waiting for. */
  awaitedStarts: number
  /** Ends waits for the guest's power-off, for `overrule-shutdown`. */
  shutdowns: Set<AbortController>
  /** What the machine calls itself where that is not the VM's name. */
  hostName?: string
  /** Its host key is in place and needs no change before the first start. */
  hasHostKey: boolean
}

/** A stopped VM with a configuration and nothing else. */
export function newVm(identity: Pick<Vm, 'vmid' | 'node' | 'nicPrefix' | 'isBlank' | 'config'>): Vm {
  return {
    ...identity,
    pending: new Map(),
    pendingDeletes: new Set(),
    snapshots: new Map(),
    lock: createFileLock(identity.vmid),
    awaitedStarts: 0,
    shutdowns: new Set(),
    hasHostKey: false,
  }
}

/** The VM's name, or what Proxmox VE shows where it has none. */
export function nameOf({ vmid, config }: Vm): string {
  return config['name'] ?? `VM ${vmid}`
}

/** Whether a flag of the configuration is set. */
export function hasFlag({ config }: Vm, key: string): boolean {
  return config[key] === '1'
}

/** Refuses while the configuration carries a lock. */
export function assertNotLocked({ config }: Pick<Vm, 'config'>): void {
  if (config['lock'] !== undefined) throw new Error(`VM is locked (${config['lock']})`)
}
