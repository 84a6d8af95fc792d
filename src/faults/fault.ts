import type { z } from 'zod'
import type { Clock } from '../ports/clock.ts'
import type { HaReader } from '../ports/firewall.ts'
import type { Hypervisor, RequestInterval } from '../ports/hypervisor.ts'

/** What a fault may use. It asks for nothing else, so it can be tried on fakes. */
export interface FaultTools {
  hypervisor: Hypervisor
  haReader: HaReader
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

/** One way to break something: how to begin it, how to see that it happened, and how to undo it. */
export interface Fault {
  readonly kind: string
  /** Parameters as a scenario file gives them; `on` names machines or roles. */
  readonly params: z.ZodType<Record<string, unknown>>
  /** One line for people: what it does and how it is undone. */
  readonly howTo: string
  /** Resolves when the hypervisor or firewall has acknowledged; the fault happened within the interval. */
  begin(machines: string[], tools: FaultTools): Promise<RequestInterval>
  verifyBegun(machines: string[], tools: FaultTools): Promise<Effect>
  /** Undoes the fault. Idempotent, and enough by itself whatever state `begin` was interrupted in. */
  heal(machines: string[], tools: FaultTools): Promise<RequestInterval>
  verifyHealed(machines: string[], tools: FaultTools): Promise<Effect>
}
