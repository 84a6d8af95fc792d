import type { PlannedVantage } from '../model/plan.ts'

/** The streams of one vantage machine while they run. */
export interface Vantage {
  /** Records what the vantage machine's kernel says of the sockets of its sessions. Never throws, and never takes long. */
  sampleSockets(): Promise<void>
  /** Stops sending, waits until the last probe is resolved, and records the end of the streams. */
  stop(): Promise<void>
}

/** Opens the streams of a vantage machine; what they see goes to the recording. Never throws: a stream that cannot start is a recorded fact. */
export type VantageStarter = (vantage: PlannedVantage, signal: AbortSignal) => Promise<Vantage>
