/** When a request was written and when its reply came, on the harness's clock, ms. */
export interface RequestInterval {
  sentMs: number
  ackedMs: number
}

type PowerState = 'running' | 'stopped'

/** Power and state of the lab's own machines, by their name in the lab file. Anything else is refused. */
export interface Hypervisor {
  /** Product and version, e.g. `Proxmox VE 9.1.9`. */
  version(signal: AbortSignal): Promise<string>
  powerState(machine: string, signal: AbortSignal): Promise<PowerState>
  /** A power cut. Resolves when the hypervisor has finished its task; the interval is that of the request itself. */
  stop(machine: string, signal: AbortSignal): Promise<RequestInterval>
  start(machine: string, signal: AbortSignal): Promise<RequestInterval>
}

/** What a running VM is doing: `paused` has its memory and its carrier but no CPU. */
export type RunState = 'running' | 'paused' | 'stopped' | 'other'

/** The gentler and the nastier ways to treat a machine. Each resolves at its task's end; the interval is that of the request. */
export interface MachineControl {
  runState(machine: string, signal: AbortSignal): Promise<RunState>
  /** Asks the guest to power off; throws when it does not obey within a minute. */
  shutdown(machine: string, signal: AbortSignal): Promise<RequestInterval>
  /** Asks the guest to power off; the hypervisor starts it again by itself after the task's end. */
  reboot(machine: string, signal: AbortSignal): Promise<RequestInterval>
  /** The reset button: same process, same NICs. */
  reset(machine: string, signal: AbortSignal): Promise<RequestInterval>
  /** Freezes the CPUs; carrier stays up for everybody. */
  suspend(machine: string, signal: AbortSignal): Promise<RequestInterval>
  resume(machine: string, signal: AbortSignal): Promise<RequestInterval>
}

/** A virtual NIC as it runs. */
export interface Nic {
  model: string
  mac: string
  bridge: string | null
  linkDown: boolean
}

/** What may change on a running NIC without its guest's cooperation. */
export interface NicChanges {
  linkDown?: boolean
  bridge?: string
}

/** NICs of the lab's own machines; `index` is that of netN. */
export interface NicHost {
  readNic(machine: string, index: number, signal: AbortSignal): Promise<Nic>
  /** Edits single keys of the running value; everything else, the MAC above all, stays. Throws when the change stays pending, and reverts it. */
  writeNic(machine: string, index: number, changes: NicChanges, signal: AbortSignal): Promise<RequestInterval>
}

/** Names of what a running VM is plugged in with. */
export interface TapNames {
  /** The device on the machine's hypervisor node that its netN is, e.g. `tap9101i1`. */
  tapOf(machine: string, index: number, signal: AbortSignal): Promise<string>
  /** The hypervisor node that the machine is on. */
  nodeOf(machine: string, signal: AbortSignal): Promise<string>
}

/** What a hypervisor's refusal means, as `HarnessError.kind`, for callers that can deal with it. */
export type RefusalKind =
  | 'vm-missing'
  | 'vmid-taken'
  | 'locked'
  | 'stale-lock'
  | 'cluster-lock'
  | 'not-running'
  | 'already-running'
  | 'is-template'
  | 'still-running'
  | 'paused'
  | 'guest-refused'
  | 'hotplug'
  | 'hypervisor-silent'
  | 'no-quorum'
  | 'wrong-node'
  | 'sdn-lock'
  | 'sdn-pending'
  | 'agent-missing'
  | 'bridge-missing'
  | 'pool-taken'
  | 'pool-missing'
  | 'protected'
  | 'digest-mismatch'
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid-parameter'
  | 'unknown-call'
  | 'node-unreachable'
  | 'lost-reply'
  | 'unreachable'
  | 'other-certificate'
  | 'ha-managed'
