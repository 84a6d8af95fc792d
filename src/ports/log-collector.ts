import type { CollectedLine } from '../model/collected-line.ts'

/** What the machine that collects the firewalls' logs has got. */
export interface LogCollector {
  readonly machine: string
  /** The lines about role changes, in the order in which they came, and what its wall clock showed when it was asked. */
  read(signal: AbortSignal): Promise<{ wallMs: number; lines: CollectedLine[] }>
}
