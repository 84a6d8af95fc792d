import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { TrialOutcome } from '../model/suite.ts'
import { planSuite } from '../plan/suite.ts'
import { summarizeSuite } from '../reporters/index.ts'
import { worstExitCode } from './judgement.ts'
import { loadScenarios } from './loading.ts'
import { makeRunFolder, newRunId, writeSuiteReports } from './run-folder.ts'
import type { Place } from './stage.ts'
import { runSuite } from './suite.ts'
import type { Terminal } from './terminal.ts'

/** Where drills run, and how many trials of each scenario. */
interface RunOptions extends Place {
  trials: number
}

/**
 * `firedrill run`: every scenario, lab by lab, each with its trials; one that fails never stops the rest. Resolves to the exit code.
 * More than one drill is a suite, with a folder of its own and a closing table.
 */
export async function run(
  paths: string[],
  { trials, ...place }: RunOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  refuseForeignDefects(place)
  const groups = planSuite(await loadScenarios(paths), trials)
  const startedAt = new Date()
  const { outcomes, codes } = await runSuite(groups, place, terminal, signal)
  if (groups.flat().length > 1) await closeSuite(outcomes, startedAt, terminal)
  return worstExitCode(signal.aborted ? [...codes, exitCodes.interrupted] : codes)
}

async function closeSuite(outcomes: TrialOutcome[], startedAt: Date, terminal: Terminal): Promise<void> {
  const folder = await makeRunFolder(newRunId('suite', startedAt))
  await writeSuiteReports(folder, outcomes)
  terminal.print(`\n${summarizeSuite(outcomes, { colour: terminal.colour, columns: terminal.columns })}`)
  terminal.print(`suite: ${folder}/junit.xml`)
}

function refuseForeignDefects({ defect, target, lab }: Place): void {
  if (defect.length === 0 || (target === undefined && lab === undefined)) return
  throw new HarnessError('expected --defect with an embedded lab of the run, got it together with --target or --lab', {
    exitCode: exitCodes.usage,
    hint: 'give the defect to `firedrill lab up` instead',
  })
}
