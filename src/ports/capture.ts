import type { Lab } from '../model/lab.ts'

/** Captures of CARP advertisements while they run. */
export interface Captures {
  /** Ends them, and records their end. Never rejects. */
  stop(): Promise<void>
}

/**
 * Captures advertisements wherever that is possible in a lab; what they hear goes to the recording, the raw captures into the run's folder.
 * `vantages` are machines inside that may listen. Never throws for what cannot be captured: that is a recorded fact.
 */
export type CaptureStarter = (lab: Lab, vantages: readonly string[], signal: AbortSignal) => Promise<Captures>
