import type { Lab } from '../model/lab.ts'
import type { PlannedVantage } from '../model/plan.ts'

/** Captures on the wires of a lab while they run. */
export interface Captures {
  /** Ends them, and records their end. Never rejects. */
  stop(): Promise<void>
}

/**
 * Captures advertisements, ARP, DHCP and the probes of the vantages' streams wherever that is possible in a lab; what is heard goes to the
 * recording, the raw captures into the run's folder. Never throws for what cannot be captured: that is a recorded fact.
 */
export type CaptureStarter = (lab: Lab, vantages: readonly PlannedVantage[], signal: AbortSignal) => Promise<Captures>
