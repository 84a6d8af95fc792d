import type { ExitCode } from './failure.ts'
import type { Result } from './result.ts'

/** One trial of a suite. `result` null: it did not take place, or left nothing to judge, and `reason` says why. */
export interface TrialOutcome {
  scenario: string
  lab: string
  /** Which trial of its scenario it is, from 1, and of how many. */
  number: number
  of: number
  /** The trial's own folder, below the folder of all reports; null where there is none. */
  folder: string | null
  result: Result | null
  reason: string
  exitCode: ExitCode
}

/** A stretch of time in which a suite was run; one that was gone on with has several. */
export interface Sitting {
  /** UTC. The end is that of the last drill so far, or of the labs where nothing is left to do. */
  startedAt: string
  endedAt: string
  /** How many labs stood side by side at most. */
  jobs: number
}
