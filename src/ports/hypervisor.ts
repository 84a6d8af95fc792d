/** When a request was written and when its reply came, on the harness's clock, ms. */
export interface RequestInterval {
  sentMs: number
  ackedMs: number
}

export type PowerState = 'running' | 'stopped'

/** Power and state of the lab's own machines, by their name in the lab file. Anything else is refused. */
export interface Hypervisor {
  /** Product and version, e.g. `Proxmox VE 9.1.9`. */
  version(signal: AbortSignal): Promise<string>
  powerState(machine: string, signal: AbortSignal): Promise<PowerState>
  /** A power cut. Resolves when the hypervisor has finished its task; the interval is that of the request itself. */
  stop(machine: string, signal: AbortSignal): Promise<RequestInterval>
  start(machine: string, signal: AbortSignal): Promise<RequestInterval>
}
