import type { SdnVnet, SdnZone } from '../../ports/provisioning.ts'

/** One step of provisioning a lab. Steps of the whole lab come first, then those of each machine, in an order that works one by one. */
export type ProvisioningStep =
  { kind: 'claim'; pool: string } | { kind: 'networks'; zone: SdnZone; vnets: SdnVnet[] } | MachineStep

/** A step of one machine. `template` is a name; `content` of a disc may hold secrets and is never shown. */
export type MachineStep =
  | { kind: 'disc'; machine: string; node: string; storage: string; fileName: string; content: Record<string, string> }
  | { kind: 'clone'; machine: string; node: string; vmid: number; name: string; template: string; pool: string }
  | { kind: 'configure'; machine: string; vmid: number; settings: Record<string, string> }
  | { kind: 'start'; machine: string; vmid: number }
  | { kind: 'ready'; machine: string; vmid: number; managementMac: string | null; managementAddress: string | null }
  | { kind: 'set-up'; machine: string }

/** The steps of one machine in order. */
export const stepsOf = (steps: readonly ProvisioningStep[], machine: string): MachineStep[] =>
  steps.flatMap((step) => ('machine' in step && step.machine === machine ? [step] : []))
