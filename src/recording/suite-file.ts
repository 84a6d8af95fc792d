import { z } from 'zod'
import { exitCodes, type ExitCode } from '../model/failure.ts'

const exitCode = z.custom<ExitCode>((given) => Object.values(exitCodes).some((code) => code === given))

/** `suite.json` in the folder of a suite, as other programs and a later run of the suite read it. */
export const suiteFileSchema = z.object({
  sittings: z.array(z.object({ startedAt: z.iso.datetime(), endedAt: z.iso.datetime(), jobs: z.int() })).default([]),
  trials: z.array(
    z.object({
      scenario: z.string(),
      lab: z.string(),
      trial: z.int(),
      of: z.int(),
      verdict: z.enum(['pass', 'fail', 'unknown']),
      exitCode,
      folder: z.string().nullable(),
      told: z.string(),
    }),
  ),
})
