import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { summarize } from '../reporters/index.ts'
import { conductDrill } from './drill-session.ts'
import { exitCodeOf, judgeRecording, worstExitCode } from './judgement.ts'
import { loadScenarios } from './loading.ts'
import type { LoadedScenario } from './loading.ts'
import { progressPrinter } from './progress.ts'
import { makeRunFolder, newRunId, pointLatestAt, writeReports } from './run-folder.ts'
import { enterStage } from './stage.ts'
import type { Place, Stage } from './stage.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill run`: every scenario in turn; one that fails never stops the rest. Resolves to the exit code. */
export async function run(paths: string[], place: Place, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  if (place.defect.length > 0 && (place.target !== undefined || place.lab !== undefined)) {
    throw new HarnessError(
      'expected --defect with an embedded lab of the run, got it together with --target or --lab',
      {
        exitCode: exitCodes.usage,
        hint: 'give the defect to `firedrill lab up` instead',
      },
    )
  }
  const scenarios = await loadScenarios(paths)
  const codes: ExitCode[] = []
  for (const scenario of scenarios) {
    if (signal.aborted) break
    codes.push(await runOne(scenario, place, terminal, signal))
  }
  return signal.aborted ? worstExitCode([...codes, exitCodes.interrupted]) : worstExitCode(codes)
}

async function runOne(
  loaded: LoadedScenario,
  place: Place,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  terminal.progress(loaded.plan.scenario.question)
  const stage = await enterStage(loaded, place, terminal.progress, signal)
  let code: ExitCode = exitCodes.internal
  try {
    code = await drill(loaded, stage, terminal, signal)
  } finally {
    code = worstExitCode([code, ...(await leave(stage, place, terminal))])
  }
  return code
}

async function drill(loaded: LoadedScenario, stage: Stage, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const startedAt = new Date()
  const runId = newRunId(loaded.plan.scenario.scenario, startedAt)
  const folder = await makeRunFolder(runId)
  const onEvent = progressPrinter(terminal.progress, terminal.colour)
  const end = await conductDrill(loaded, stage, { runId, startedAt, folder, onEvent }, signal)
  const result = await judgeRecording(folder)
  await writeReports(folder, result)
  await pointLatestAt(runId)
  terminal.print(summarize(result, { colour: terminal.colour, columns: terminal.columns }))
  terminal.print(`report: ${folder}/report.html`)
  for (const left of end.leftToUndo) {
    terminal.complain(`left to undo: ${left}; run: firedrill recover --journal ${folder}/undo.jsonl`)
  }
  return end.leftToUndo.length > 0 ? exitCodes.leftToUndo : exitCodeOf(result)
}

/** What is left of a lab is something to undo, except on an embedded lab, which has ended with everything in it. */
async function leave(stage: Stage, place: Place, terminal: Terminal): Promise<ExitCode[]> {
  const left = await stage.leave()
  for (const line of left) terminal.complain(`left of lab ${stage.label}: ${line}`)
  const isEmbedded = place.target === undefined && place.lab === undefined
  return left.length > 0 && !isEmbedded ? [exitCodes.leftToUndo] : []
}
