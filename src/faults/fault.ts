import type { z } from 'zod'
import type { Clock } from '../ports/clock.ts'
import type { FirewallRoles, FirewallSource, HaReader } from '../ports/firewall.ts'
import type { FaultCalls } from '../model/fault-call.ts'
import type { Lab } from '../model/lab.ts'
import type { Hypervisor, MachineControl, NicHost, RequestInterval, TapNames } from '../ports/hypervisor.ts'
import type { Shell } from '../ports/shell.ts'

/** The hypervisor's nodes: commands on them, and what the machines are plugged in with there. */
export interface NodeAccess {
  /** The first node; `shell` reaches those of `others`, too. */
  name: string
  others: readonly string[]
  shell: Shell
  taps: TapNames
}

/** What a fault may use. It asks for nothing else, so it can be tried on fakes. */
export interface FaultTools {
  /** What is gentler or nastier than power needs a hypervisor that has it. */
  hypervisor: Hypervisor & Partial<MachineControl>
  nics: NicHost
  haReader: HaReader
  /** What can be done at the firewalls by one way in, or by the best where none is named. Throws where there is no such way. */
  firewall(via: FirewallSource | undefined): FirewallRoles
  /** Commands on the machines, over the way that no fault can cut. */
  shell: Pick<Shell, 'run'>
  /** Null or absent where nobody is let in to the node. */
  node?: NodeAccess | null
  clock: Clock
  /** Machines that are firewalls of the pair; only these can be asked for their state. */
  firewalls: readonly string[]
  signal: AbortSignal
}

/** Whether an effect was seen independently of the command that caused it, and by what. */
export interface Effect {
  proven: boolean
  evidence: string
}

/** What a fault is aimed at: machines by name, roles resolved, and parameters that suffice by themselves: a journal holds nothing else. */
export interface Aim {
  machines: string[]
  params: Readonly<Record<string, unknown>>
}

/** A piece of an undo for a shell on the node that `machine` is on, or on the first node. Idempotent, and asks nobody. */
export interface NodeCommand {
  machine?: string
  command: string
}

/** What a fault is done through: power of the hypervisor, NICs of its VMs, a root shell on its nodes, one on the machine, the firewall's own switches. */
type Need = 'power' | 'nics' | 'node shell' | 'machine shell' | 'firewall'

/** One way to break something: how to begin it, how to see that it happened, and how to undo it. */
export interface Fault {
  readonly kind: string
  readonly needs: readonly Need[]
  /** Parameters as a scenario file gives them; `on` names machines or roles. */
  readonly params: z.ZodType<Record<string, unknown>>
  /** One line for people: what it does and how it is undone. */
  readonly howTo: string
  /** What a person should know of these parameters before they are believed; null where there is nothing. */
  warns?(aim: Aim): string | null
  /** What the fault will ask for, told without asking; `machines` of the aim are as written, roles among them. Absent: a plan names it only. */
  calls?(aim: Aim, lab: Lab): FaultCalls
  /**
   * Completes an aim from the lab and from what is there before anything changes, so that it can be healed from the journal alone. Throws
   * where the lab has not what the parameters name. Absent: the parameters are complete as written.
   */
  prepare?(aim: Aim, lab: Lab, tools: FaultTools): Promise<Aim>
  /** Resolves when the hypervisor or firewall has acknowledged; the fault happened within the interval. */
  begin(aim: Aim, tools: FaultTools): Promise<RequestInterval>
  verifyBegun(aim: Aim, tools: FaultTools): Promise<Effect>
  /** Undoes the fault. Idempotent, and enough by itself whatever state `begin` was interrupted in. */
  heal(aim: Aim, tools: FaultTools): Promise<RequestInterval>
  verifyHealed(aim: Aim, tools: FaultTools): Promise<Effect>
  /** Whether what the fault set off has arrived where it should; null where that machine does not tell. Looked at again and again until it has. */
  arrived?(aim: Aim, tools: FaultTools): Promise<{ node: string; isThere: boolean | null }>
  /** Has one machine ask another for its echo, where that is what the step is for. */
  roundTrips?(aim: Aim, tools: FaultTools): Promise<{ node: string; address: string; sent: number; rttsMs: number[] }>
  /**
   * The undo as commands for shells on the hypervisor's nodes, by the VMIDs of the machines: it is armed there as a lease, which a runner that is
   * cut off cannot renew. Absent where no node can undo it. Told to people, too, when it is left.
   */
  undoOnNode?(aim: Aim, vmids: Readonly<Record<string, number>>): NodeCommand[]
  /** How a person undoes it, on one line; where absent, what `undoOnNode` says, else `howTo`. */
  undoByHand?(aim: Aim): string
}
