import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from '../model/result.ts'
import type { Sitting, TrialOutcome } from '../model/suite.ts'
import { reporters, suiteReporters } from '../reporters/index.ts'

/** Where run folders go, below the current directory. */
export const reportsFolder = 'reports'

/** A new run's id: UTC start, scenario, four random hex digits. */
export const newRunId = (scenario: string, startedAt: Date): string =>
  `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${scenario}-${randomBytes(2).toString('hex')}`

/** Makes the folder of a run. */
export async function makeRunFolder(runId: string): Promise<string> {
  const folder = join(reportsFolder, runId)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Writes every report of a result into a run's folder. */
export async function writeReports(folder: string, result: Result): Promise<void> {
  for (const [file, render] of Object.entries(reporters)) await writeFile(join(folder, file), render(result))
}

/** Writes every report of a suite into its folder; each file is whole at any time. */
export function writeSuiteReports(folder: string, trials: readonly TrialOutcome[], sittings: readonly Sitting[]): void {
  for (const [file, render] of Object.entries(suiteReporters)) {
    writeFileSync(join(folder, `.${file}`), render(trials, sittings))
    renameSync(join(folder, `.${file}`), join(folder, file))
  }
}

/** Points `reports/latest` at a run, in one step, so that two runs side by side never leave it broken. */
export async function pointLatestAt(runId: string): Promise<void> {
  const fresh = join(reportsFolder, `.latest-${runId}`)
  await rm(fresh, { force: true })
  await symlink(runId, fresh)
  await rename(fresh, join(reportsFolder, 'latest'))
}
