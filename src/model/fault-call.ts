/** One thing that a fault asks of a hypervisor or a machine. `machine` is a name, or a role that is resolved when the fault begins. */
export type FaultCall =
  | { ask: 'state'; machine: string }
  | { ask: 'stop'; machine: string }
  | { ask: 'start'; machine: string }
  | { ask: 'power'; machine: string; verb: 'shutdown' | 'reboot' | 'reset' | 'suspend' | 'resume' }
  | { ask: 'node'; machine: string; command: string }
  | { ask: 'read-nic'; machine: string; nic: number | null }
  | { ask: 'write-nic'; machine: string; nic: number | null; change: string }
  | { ask: 'command'; machine: string; command: string }
  | { ask: 'ha-state'; machine: string }

/** What a fault asks for, in order, in each of its parts. */
export interface FaultCalls {
  prepare?: FaultCall[]
  begin: FaultCall[]
  verifyBegun: FaultCall[]
  heal: FaultCall[]
  verifyHealed: FaultCall[]
}
