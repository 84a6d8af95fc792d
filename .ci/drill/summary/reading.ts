import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { suiteFileSchema } from '../../../src/recording/suite-file.ts'

const verdictSchema = z.object({
  verdict: z.string(),
  headline: z.string(),
  scenario: z.object({ scenario: z.string(), lab: z.string() }),
  findings: z.array(z.object({ verdict: z.string(), message: z.string() })),
})

/** One drill as its reports tell it. */
export interface DrillRow {
  scenario: string
  lab: string
  trial: string
  verdict: string
  told: string
  /** What is not a pass in it, a line each. */
  wrong: string[]
}

/** The drills in run folders: as a suite lists them, where there is one, those without a folder of their own among them. */
export function readDrills(folders: readonly string[]): DrillRow[] {
  const suites = folders.filter((folder) => existsSync(join(folder, 'suite.json')))
  if (suites.length > 0) return suites.flatMap(readSuite)
  return folders.filter((folder) => existsSync(join(folder, 'verdict.json'))).map(readOne)
}

function readSuite(folder: string): DrillRow[] {
  const { trials } = suiteFileSchema.parse(parsed(join(folder, 'suite.json')))
  return trials.map(({ scenario, lab, trial, of, verdict, told, folder: own }) => {
    const wrong = own === null ? [] : readOne(join(dirname(folder), own)).wrong
    return { scenario, lab, trial: of === 1 ? '' : `${trial} of ${of}`, verdict, told, wrong }
  })
}

function readOne(folder: string): DrillRow {
  const { verdict, headline, scenario, findings } = verdictSchema.parse(parsed(join(folder, 'verdict.json')))
  const wrong = findings.filter((finding) => finding.verdict !== 'pass').map(({ message }) => message)
  return { ...scenario, trial: '', verdict, told: headline, wrong }
}

const parsed = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
