import type { Case } from './bench.ts'
import { controlCases } from './control.ts'
import { evidenceCases } from './evidence.ts'
import { maintenanceCases } from './maintenance.ts'
import { readingCases } from './reading.ts'

/** What every way in to a firewall holds to, as far as it goes: the same cases for REST, SSH and WebGUI, on every release. */
export const contractCases: readonly Case[] = [...readingCases, ...maintenanceCases, ...controlCases, ...evidenceCases]
