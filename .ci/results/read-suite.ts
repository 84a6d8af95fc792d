import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { judgeRecording } from '../../src/commands/judgement.ts'
import { suiteFileSchema } from '../../src/recording/suite-file.ts'
import type { SuiteRun, SuiteTrial } from './suite.ts'

/** Reads the folder of a suite, and judges the recordings of its trials, which lie beside it. Nothing is run. */
export async function readSuite(folder: string): Promise<SuiteRun> {
  const path = resolve(folder)
  const { trials, sittings } = suiteFileSchema.parse(JSON.parse(await readFile(join(path, 'suite.json'), 'utf8')))
  const read: SuiteTrial[] = []
  for (const { folder: own, ...trial } of trials) {
    const result = own === null ? null : await judgeRecording(join(dirname(path), own))
    read.push({ ...trial, verdict: result?.verdict ?? trial.verdict, verdictThen: trial.verdict, result })
  }
  const lengths = sittings.map(({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt))
  return {
    name: basename(path),
    trials: read,
    wallMs: lengths.length === 0 ? null : lengths.reduce((sum, ms) => sum + ms, 0),
    jobs: sittings.at(-1)?.jobs ?? null,
  }
}
