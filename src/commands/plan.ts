import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { describePlan } from '../plan/description.ts'
import { loadScenarios } from './loading.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill plan`: what a run would do, without doing it. */
export async function plan(paths: string[], terminal: Terminal): Promise<ExitCode> {
  for (const loaded of await loadScenarios(paths)) terminal.print(describePlan(loaded.plan).join('\n'))
  return exitCodes.pass
}
