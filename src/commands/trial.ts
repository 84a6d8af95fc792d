import type { DrillEnd } from '../engine/run-drill.ts'
import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Result } from '../model/result.ts'
import type { TrialOutcome } from '../model/suite.ts'
import { summarize } from '../reporters/index.ts'
import { conductDrill } from './drill-session.ts'
import { exitCodeOf, judgeRecording } from './judgement.ts'
import type { LoadedScenario } from './loading.ts'
import { progressPrinter } from './progress.ts'
import { makeRunFolder, newRunId, pointLatestAt, writeReports } from './run-folder.ts'
import type { Stage } from './stage.ts'
import type { Terminal } from './terminal.ts'

/** One drill on a lab that stands: recorded, judged and reported in a folder of its own. */
export async function drill(
  loaded: LoadedScenario,
  stage: Stage,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Pick<TrialOutcome, 'folder' | 'result' | 'exitCode'>> {
  const startedAt = new Date()
  const runId = newRunId(loaded.plan.scenario.scenario, startedAt)
  const folder = await makeRunFolder(runId)
  const onEvent = progressPrinter(terminal.progress, terminal.colour)
  const end = await conductDrill(loaded, stage, { runId, startedAt, folder, onEvent }, signal)
  for (const left of end.leftToUndo) {
    terminal.complain(`left to undo: ${left}; run: firedrill recover --journal ${folder}/undo.jsonl`)
  }
  const result = await judgeRecording(folder)
  await writeReports(folder, result)
  await pointLatestAt(runId)
  terminal.print(summarize(result, { colour: terminal.colour, columns: terminal.columns }))
  terminal.print(`report: ${folder}/report.html`)
  return { folder: runId, result, exitCode: exitCodeAfter(end, result) }
}

function exitCodeAfter({ leftToUndo, outcome }: DrillEnd, result: Result): ExitCode {
  if (leftToUndo.length > 0) return exitCodes.leftToUndo
  return outcome === 'interrupted' ? exitCodes.interrupted : exitCodeOf(result)
}
