import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Sitting, TrialOutcome } from '../model/suite.ts'
import type { Trial } from '../plan/suite.ts'
import { judgeRecording } from './judgement.ts'
import { suiteFileSchema } from '../recording/suite-file.ts'
import type { LoadedScenario } from './loading.ts'
import { reportsFolder } from './run-folder.ts'

type Drilled = Trial<LoadedScenario>
type Suite = z.output<typeof suiteFileSchema>
type Entry = Suite['trials'][number]

/** What there is of a suite already. */
interface Begun {
  done: Map<Drilled, TrialOutcome>
  sittings: Sitting[]
}

/** The trials of a suite that its folder has the end of, as their recordings say. One that was interrupted, or whose scenario has changed since, is not among them. */
export async function begunSuite(folder: string, trials: readonly Drilled[]): Promise<Begun> {
  const suite = await readSuite(folder)
  const ended = await Promise.all(trials.map((trial) => endOf(trial, suite.trials)))
  const done = new Map(ended.flatMap((outcome, index) => pairOf(trials[index], outcome)))
  return { done, sittings: suite.sittings }
}

const pairOf = (trial: Drilled | undefined, outcome: TrialOutcome | null): [Drilled, TrialOutcome][] =>
  trial === undefined || outcome === null ? [] : [[trial, outcome]]

async function readSuite(folder: string): Promise<Suite> {
  const text = await readFile(join(folder, 'suite.json'), 'utf8').catch(() => null)
  const parsed = suiteFileSchema.safeParse(text === null ? null : parseJson(text))
  if (parsed.success) return parsed.data
  throw new HarnessError(`expected the folder of a suite with its suite.json at ${folder}`, {
    exitCode: exitCodes.usage,
    hint: 'name the folder that the interrupted run has printed',
  })
}

async function endOf({ scenario, number, of }: Drilled, entries: readonly Entry[]): Promise<TrialOutcome | null> {
  const { scenario: name, lab } = scenario.plan.scenario
  const entry = entries.find((one) => one.scenario === name && one.lab === lab && one.trial === number)
  if (entry?.folder === undefined || entry.folder === null || entry.exitCode === exitCodes.interrupted) return null
  const result = await judgeRecording(join(reportsFolder, entry.folder)).catch(() => null)
  if (result?.run.scenarioSha256 !== scenario.sha256) return null
  return { scenario: name, lab, number, of, folder: entry.folder, result, reason: '', exitCode: entry.exitCode }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
