import { conductTrials } from '../engine/trials/conduct-trials.ts'
import type { Ground, TrialTools } from '../engine/trials/conduct-trials.ts'
import { exitCodes, reasonOf } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { TrialOutcome } from '../model/suite.ts'
import type { Trial } from '../plan/suite.ts'
import { complainOf } from './complaint.ts'
import { drill } from './trial.ts'
import type { LoadedScenario } from './loading.ts'
import { enterStage } from './stage.ts'
import type { Place, Stage } from './stage.ts'
import type { Terminal } from './terminal.ts'

type Drilled = Trial<LoadedScenario>

/** What became of every trial, in their order, and all exit codes that occurred: of trials, and of labs that were left. */
export interface SuiteEnd {
  outcomes: TrialOutcome[]
  codes: ExitCode[]
}

interface Suite extends SuiteEnd {
  place: Place
  terminal: Terminal
  signal: AbortSignal
  /** How many drills there are; where there are several, each is announced. */
  count: number
}

/** Carries out the drills of a suite, group by group, each group on a lab of its own. */
export async function runSuite(
  groups: readonly Drilled[][],
  place: Place,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SuiteEnd> {
  const suite: Suite = { place, terminal, signal, outcomes: [], codes: [], count: groups.flat().length }
  await conductTrials(groups, toolsOf(suite), signal)
  const { outcomes, codes } = suite
  return { outcomes, codes }
}

function toolsOf(suite: Suite): TrialTools<Drilled> {
  const { terminal, signal, codes } = suite
  return {
    enter: (group) => enter(suite, group),
    missed: (trials, reason) => miss(suite, trials, reason),
    unleft: (_, reason) => void codes.push(complainOf(reason, terminal, signal)),
  }
}

async function enter(suite: Suite, group: readonly Drilled[]): Promise<Ground<Drilled>> {
  const { place, terminal, signal, count } = suite
  const [first, ...others] = group
  if (first === undefined) throw new TypeError('a group without trials')
  const { scenario, lab } = first.scenario.plan
  terminal.progress(count === 1 ? scenario.question : `${lab.lab}: ${group.length} of ${count} drills`)
  const programme = [first.scenario, ...others.map((other) => other.scenario)] as const
  const stage = await enterStage(programme, place, terminal.progress, signal)
  const { cleanSlate } = stage
  return {
    drill: (trial) => drillOn(stage, trial, suite),
    leave: () => leave(stage, suite),
    ...(cleanSlate !== null && { keep: () => cleanSlate.keep(), restore: () => cleanSlate.restore(signal) }),
  }
}

async function drillOn(stage: Stage, trial: Drilled, suite: Suite): Promise<void> {
  const { terminal, signal, count } = suite
  const { number, of } = trial
  const { scenario, question } = trial.scenario.plan.scenario
  if (count > 1) terminal.progress(`${scenario}${of === 1 ? '' : `, trial ${number} of ${of}`}: ${question}`)
  note(suite, trial, { reason: '', ...(await drill(trial.scenario, stage, terminal, signal)) })
}

/** Whoever interrupts is told once: what did not begin because of it speaks for itself. */
function miss(suite: Suite, trials: readonly Drilled[], thrown: unknown): void {
  const { terminal, signal, outcomes } = suite
  const isSilent = signal.aborted && outcomes.length > 0
  const exitCode = isSilent ? exitCodes.interrupted : complainOf(thrown, terminal, signal)
  for (const trial of trials) note(suite, trial, { folder: null, result: null, reason: reasonOf(thrown), exitCode })
}

function note(suite: Suite, { scenario, number, of }: Drilled, end: DrillOutcome & { reason: string }): void {
  const { scenario: name, lab } = scenario.plan.scenario
  suite.outcomes.push({ scenario: name, lab, number, of, ...end })
  suite.codes.push(end.exitCode)
}

type DrillOutcome = Pick<TrialOutcome, 'folder' | 'result' | 'exitCode'>

/** What is left of a lab is something to undo, except on an embedded lab, which has ended with everything in it. */
async function leave(stage: Stage, { place, terminal, codes }: Suite): Promise<void> {
  const left = await stage.leave()
  for (const line of left) terminal.complain(`left of lab ${stage.label}: ${line}`)
  const isEmbedded = place.target === undefined && place.lab === undefined
  if (left.length > 0 && !isEmbedded) codes.push(exitCodes.leftToUndo)
}
