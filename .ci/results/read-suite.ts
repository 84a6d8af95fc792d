import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { judgeRecording } from '../../src/commands/judgement.ts'
import type { SuiteRun, SuiteTrial } from './suite.ts'

const sittingSchema = z.object({ startedAt: z.iso.datetime(), endedAt: z.iso.datetime(), jobs: z.int() })
const suiteSchema = z.object({
  sittings: z.array(sittingSchema).default([]),
  trials: z.array(
    z.object({
      scenario: z.string(),
      lab: z.string(),
      trial: z.int(),
      of: z.int(),
      verdict: z.enum(['pass', 'fail', 'unknown']),
      folder: z.string().nullable(),
      told: z.string(),
    }),
  ),
})

/** Reads the folder of a suite, and judges the recordings of its trials, which lie beside it. Nothing is run. */
export async function readSuite(folder: string): Promise<SuiteRun> {
  const path = resolve(folder)
  const { trials, sittings } = suiteSchema.parse(JSON.parse(await readFile(join(path, 'suite.json'), 'utf8')))
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
