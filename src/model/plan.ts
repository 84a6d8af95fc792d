import type { Lab } from './lab.ts'
import type { KindUse, Scenario } from './scenario.ts'

/** One step of a drill: begin a fault, or heal the one that an earlier step began. */
export interface PlannedStep {
  name: string
  action: 'fault' | 'heal'
  fault: KindUse
  /** The step whose fault this is; its own name for a fault. */
  of: string
  /** Machines or roles it aims at, as written. */
  refs: string[]
  /** Further faults of the step, each so long after the one before it. */
  also?: { afterMs: number; fault: KindUse; refs: string[] }[]
  /** Streams that are to have no answer in this step. */
  silences?: string[]
  recoverWithinMs: number
  /** How long the step is watched after it has recovered, before the next one begins. */
  holdForMs?: number
  /** Of a fault: when it is healed at the latest. */
  maxDurationMs?: number
}

/** The streams that one vantage machine keeps up. */
export interface PlannedVantage {
  machine: string
  streams: { name: string; use: KindUse }[]
}

/** Everything a run will do, in order, before it does any of it. */
export interface Plan {
  scenario: Scenario
  lab: Lab
  /** Machines in the order in which they are started. */
  machines: string[]
  vantages: PlannedVantage[]
  steps: PlannedStep[]
}
