import { availableParallelism } from 'node:os'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Sitting, TrialOutcome } from '../model/suite.ts'
import { planSuite } from '../plan/suite.ts'
import { summarizeSuite } from '../reporters/index.ts'
import { worstExitCode } from './judgement.ts'
import type { LoadedScenario } from './loading.ts'
import { begunSuite } from './resumption.ts'
import { makeRunFolder, newRunId, writeSuiteReports } from './run-folder.ts'
import type { Place } from './stage.ts'
import { runSuite } from './suite.ts'
import type { Terminal } from './terminal.ts'

/** Where drills run, how many trials of each scenario, how many labs side by side, and which suite is gone on with. */
interface RunOptions extends Place {
  trials: number
  jobs?: number
  resume?: string
  /** Instead of that of each scenario, ms. */
  maxDuration?: number
}

/**
 * `firedrill run`: every scenario, lab by lab, each with its trials; one that fails never stops the rest. Resolves to the exit code.
 * More than one drill is a suite, with a folder of its own, which tells at any time what has ended, and a closing table.
 */
export async function run(
  scenarios: LoadedScenario[],
  { trials, jobs, resume, maxDuration, ...place }: RunOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  refuseForeignDefects(place)
  const groups = planSuite(
    scenarios.map((scenario) => capped(scenario, maxDuration)),
    trials,
  )
  const all = groups.flat()
  const folder = resume ?? (all.length > 1 ? await makeRunFolder(newRunId('suite', new Date())) : null)
  const { done, sittings } = resume === undefined ? nothingBegun : await begunSuite(resume, all)
  if (resume !== undefined) terminal.progress(`${done.size} of ${all.length} drills have ended before`)
  const options = { place, jobs: labsAtOnce(jobs, place), done }
  const keep = folder === null ? () => {} : keeperOf(folder, sittings, options.jobs)
  const { outcomes, codes } = await runSuite(groups, { ...options, keep }, terminal, signal)
  keep(outcomes)
  if (folder !== null) tellSuite(folder, outcomes, terminal)
  return worstExitCode(signal.aborted ? [...codes, exitCodes.interrupted] : codes)
}

const nothingBegun = { done: new Map(), sittings: [] }

/** Keeps the state of a suite in its folder, whenever it is told of one, with the time that the suite has taken. */
function keeperOf(folder: string, earlier: readonly Sitting[], jobs: number) {
  const startedAt = new Date().toISOString()
  return (outcomes: TrialOutcome[]): void =>
    writeSuiteReports(folder, outcomes, [...earlier, { startedAt, endedAt: new Date().toISOString(), jobs }])
}

function capped(loaded: LoadedScenario, maxDuration: number | undefined): LoadedScenario {
  if (maxDuration === undefined) return loaded
  const { plan } = loaded
  return { ...loaded, plan: { ...plan, scenario: { ...plan.scenario, maxDuration } } }
}

function tellSuite(folder: string, outcomes: TrialOutcome[], terminal: Terminal): void {
  terminal.print(`\n${summarizeSuite(outcomes, { colour: terminal.colour, columns: terminal.columns })}`)
  terminal.print(`suite: ${folder}/junit.xml`)
}

/**
 * Embedded labs are worlds of their own, and mostly wait: one more than the machine has processors. On a cluster, or a lab that stands, one after
 * the other.
 */
function labsAtOnce(asked: number | undefined, { target, lab }: Place): number {
  const isEmbedded = target === undefined && lab === undefined
  if (isEmbedded) return asked ?? availableParallelism() + 1
  if (asked === undefined || asked === 1) return 1
  throw new HarnessError(`expected --jobs with embedded labs only, got ${asked} jobs together with --target or --lab`, {
    exitCode: exitCodes.usage,
    hint: 'machines of one hypervisor are drilled one lab after the other',
  })
}

function refuseForeignDefects({ defect, target, lab }: Place): void {
  if (defect.length === 0 || (target === undefined && lab === undefined)) return
  throw new HarnessError('expected --defect with an embedded lab of the run, got it together with --target or --lab', {
    exitCode: exitCodes.usage,
    hint: 'give the defect to `firedrill lab up` instead',
  })
}
