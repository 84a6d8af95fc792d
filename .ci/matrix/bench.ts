import type { Connection } from '../../src/commands/connection.ts'
import type { FaultTools } from '../../src/faults/fault.ts'
import type { Lab } from '../../src/model/lab.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** What a trial is carried out with. */
export interface Bench {
  connection: Connection
  lab: Lab
  clock: Clock
}

/** What a fault is carried out with on a bench. */
export const toolsFor = ({ connection, lab, clock }: Bench, signal: AbortSignal): FaultTools => ({
  ...connection,
  nics: connection.hypervisor,
  firewall: connection.via,
  clock,
  firewalls: [lab.pair.primary, lab.pair.secondary],
  signal,
})
