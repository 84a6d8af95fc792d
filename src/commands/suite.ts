import { conductTrials } from '../engine/trials/conduct-trials.ts'
import type { Ground, TrialTools } from '../engine/trials/conduct-trials.ts'
import { exitCodes, reasonOf } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { TrialOutcome } from '../model/suite.ts'
import { longestFirst } from '../plan/suite.ts'
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

/** How the drills of a suite are carried out. */
export interface SuiteOptions {
  place: Place
  /** How many labs stand side by side at most. */
  jobs: number
  /** Trials that an earlier run has ended; they are not drilled again. */
  done: ReadonlyMap<Drilled, TrialOutcome>
  /** Told after every trial of all that have ended so far, in their order. */
  keep(outcomes: TrialOutcome[]): void
}

interface Suite extends SuiteOptions {
  terminal: Terminal
  signal: AbortSignal
  /** All trials in their order, those of other labs as well. */
  trials: Drilled[]
  ended: Map<Drilled, TrialOutcome>
  codes: ExitCode[]
}

/** Carries out the drills of a suite, group by group, each group on a lab of its own. */
export async function runSuite(
  groups: readonly Drilled[][],
  options: SuiteOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SuiteEnd> {
  const { done, jobs } = options
  const suite: Suite = { ...options, terminal, signal, trials: groups.flat(), ended: new Map(done), codes: [] }
  const open = groups.map((group) => group.filter((trial) => !done.has(trial))).filter((group) => group.length > 0)
  await conductTrials(longestFirst(open), toolsOf(suite, open.length > 1 && jobs > 1), jobs, signal)
  const codes = [...done.values()].map(({ exitCode }) => exitCode)
  return { outcomes: outcomesOf(suite), codes: [...codes, ...suite.codes] }
}

const outcomesOf = ({ trials, ended }: Suite): TrialOutcome[] => trials.flatMap((trial) => ended.get(trial) ?? [])

function toolsOf(suite: Suite, isCrowded: boolean): TrialTools<Drilled> {
  const of = (group: readonly Drilled[]): Suite =>
    isCrowded ? { ...suite, terminal: namedTerminal(suite.terminal, group[0]?.scenario.plan.lab.lab ?? '') } : suite
  return {
    enter: (group) => enter(of(group), group),
    missed: (trials, reason) => miss(of(trials), trials, reason),
    lost: (trials, reason) =>
      of(trials).terminal.complain(`the lab cannot be brought back: ${reasonOf(reason)}; another one is made`),
    unleft: (group, reason) => void suite.codes.push(complainOf(reason, of(group).terminal, suite.signal)),
  }
}

/** Where labs stand side by side, each line says which of them it is about. */
const namedTerminal = (terminal: Terminal, lab: string): Terminal => ({
  ...terminal,
  progress: (line) => terminal.progress(`${lab}: ${line}`),
  complain: (line) => terminal.complain(`${lab}: ${line}`),
})

async function enter(suite: Suite, group: readonly Drilled[]): Promise<Ground<Drilled>> {
  const { place, terminal, signal, trials } = suite
  const [first, ...others] = group
  if (first === undefined) throw new TypeError('a group without trials')
  const { scenario, lab } = first.scenario.plan
  terminal.progress(trials.length === 1 ? scenario.question : `${lab.lab}: ${group.length} of ${trials.length} drills`)
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
  const { terminal, signal, trials } = suite
  const { number, of } = trial
  const { scenario, question } = trial.scenario.plan.scenario
  if (trials.length > 1) terminal.progress(`${scenario}${of === 1 ? '' : `, trial ${number} of ${of}`}: ${question}`)
  note(suite, trial, { reason: '', ...(await drill(trial.scenario, stage, terminal, signal)) })
}

/** Whoever interrupts is told once: what did not begin because of it speaks for itself. */
function miss(suite: Suite, trials: readonly Drilled[], thrown: unknown): void {
  const { terminal, signal, ended } = suite
  const isSilent = signal.aborted && ended.size > 0
  const exitCode = isSilent ? exitCodes.interrupted : complainOf(thrown, terminal, signal)
  for (const trial of trials) note(suite, trial, { folder: null, result: null, reason: reasonOf(thrown), exitCode })
}

function note(suite: Suite, trial: Drilled, end: DrillOutcome & { reason: string }): void {
  const { scenario, number, of } = trial
  const { scenario: name, lab } = scenario.plan.scenario
  suite.ended.set(trial, { scenario: name, lab, number, of, ...end })
  suite.codes.push(end.exitCode)
  suite.keep(outcomesOf(suite))
}

type DrillOutcome = Pick<TrialOutcome, 'folder' | 'result' | 'exitCode'>

/** What is left of a lab is something to undo, except on an embedded lab, which has ended with everything in it. */
async function leave(stage: Stage, { place, terminal, codes }: Suite): Promise<void> {
  const left = await stage.leave()
  for (const line of left) terminal.complain(`left of lab ${stage.label}: ${line}`)
  const isEmbedded = place.target === undefined && place.lab === undefined
  if (left.length > 0 && !isEmbedded) codes.push(exitCodes.leftToUndo)
}
