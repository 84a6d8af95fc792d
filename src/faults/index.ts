import type { KindSchemas } from '../model/scenario.ts'
import { carpDrop } from './carp-drop.ts'
import { carpMaintenance } from './carp-maintenance.ts'
import { command } from './command.ts'
import type { Fault } from './fault.ts'
import { linkDown } from './link-down.ts'
import { vmStop } from './vm-stop.ts'

/** Every fault there is, by the word that scenario files use. */
export const faults: Readonly<Record<string, Fault>> = {
  'vm-stop': vmStop,
  'link-down': linkDown,
  'carp-maintenance': carpMaintenance,
  'carp-drop': carpDrop,
  command,
}

/** Their parameter schemas, as the scenario schema wants them. */
export const faultSchemas: KindSchemas = Object.fromEntries(
  Object.entries(faults).map(([kind, fault]) => [kind, fault.params]),
)
