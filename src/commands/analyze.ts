import { analyse } from '../analysis/analyse.ts'
import { judge } from '../checks/judge.ts'
import type { ExitCode } from '../model/failure.ts'
import { readRecording } from '../recording/reader.ts'
import { summarize } from '../reporters/index.ts'
import { exitCodeOf, judgeRecording, keepHeapSmall } from './judgement.ts'
import { loadScenarios } from './loading.ts'
import type { Terminal } from './terminal.ts'
import { writeReports } from './run-folder.ts'

/** `firedrill analyze`: judges a recording again; with `scenario`, by the expectations and claims of that file. */
export async function analyze(path: string, options: { scenario?: string }, terminal: Terminal): Promise<ExitCode> {
  const result = options.scenario === undefined ? await judgeRecording(path) : await judgeBy(path, options.scenario)
  terminal.print(summarize(result, terminal))
  return exitCodeOf(result)
}

/** `firedrill report`: makes the reports of a run again, into its folder. */
export async function report(folder: string, terminal: Terminal): Promise<ExitCode> {
  const result = await judgeRecording(folder)
  await writeReports(folder, result)
  terminal.print(`report: ${folder}/report.html`)
  return exitCodeOf(result)
}

async function judgeBy(path: string, scenarioFile: string) {
  const [loaded] = await loadScenarios([scenarioFile])
  const recording = await readRecording(path)
  keepHeapSmall()
  const analysis = analyse(recording.events, recording)
  const { expect, claims } = loaded?.plan.scenario ?? analysis.scenario
  return judge({ ...analysis, scenario: { ...analysis.scenario, expect, claims } })
}
