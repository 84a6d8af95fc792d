import { exitCodes, HarnessError } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { summarize } from '../reporters/index.ts'
import { conductDrill } from './drill-session.ts'
import { startEmbeddedLab } from './embedded-lab.ts'
import { exitCodeOf, judgeRecording, worstExitCode } from './judgement.ts'
import { keptLabTarget } from './kept-labs.ts'
import { loadScenarios } from './loading.ts'
import type { LoadedScenario } from './loading.ts'
import { progressPrinter } from './progress.ts'
import { makeRunFolder, newRunId, pointLatestAt, writeReports } from './run-folder.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** Where a drill runs: a target file, a kept lab, or (neither) an embedded lab of its own, born with the defects named. */
export interface Place {
  target?: string | undefined
  lab?: string | undefined
  defect: string[]
}

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
  const { targetFile, stop } = await enter(place, loaded.labFile)
  try {
    const target = await readTarget(targetFile)
    const startedAt = new Date()
    const runId = newRunId(loaded.plan.scenario.scenario, startedAt)
    const folder = await makeRunFolder(runId)
    const onEvent = progressPrinter(terminal.progress, terminal.colour)
    terminal.progress(loaded.plan.scenario.question)
    const end = await conductDrill(loaded, target, { runId, startedAt, folder, onEvent }, signal)
    const result = await judgeRecording(folder)
    await writeReports(folder, result)
    await pointLatestAt(runId)
    terminal.print(summarize(result, { colour: terminal.colour, columns: terminal.columns }))
    terminal.print(`report: ${folder}/report.html`)
    for (const left of end.leftToUndo)
      terminal.complain(`left to undo: ${left}; run: firedrill recover --journal ${folder}/undo.jsonl`)
    return end.leftToUndo.length > 0 && !ownLab(place) ? exitCodes.leftToUndo : exitCodeOf(result)
  } finally {
    await stop()
  }
}

async function enter(place: Place, labFile: string): Promise<{ targetFile: string; stop: () => Promise<void> }> {
  const nothing = () => Promise.resolve()
  if (place.lab !== undefined) return { targetFile: await keptLabTarget(place.lab), stop: nothing }
  if (place.target !== undefined) return { targetFile: place.target, stop: nothing }
  return startEmbeddedLab(labFile, place.defect)
}

/** A lab that ends with the run takes its broken machines with it. */
function ownLab(place: Place): boolean {
  return place.target === undefined && place.lab === undefined
}
