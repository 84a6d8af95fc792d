import type { Sitting, TrialOutcome } from '../model/suite.ts'
import { suiteVerdict, verdictOf } from './suite-verdict.ts'

/** `suite.json`: when the suite ran, and each trial with its verdict and where its own reports are, for other programs. */
export function renderSuiteJson(trials: readonly TrialOutcome[], sittings: readonly Sitting[]): string {
  const entries = trials.map((trial) => {
    const { scenario, lab, number, of, folder, reason, exitCode } = trial
    const told = trial.result === null ? reason : trial.result.headline
    return { scenario, lab, trial: number, of, verdict: verdictOf(trial), exitCode, folder, told }
  })
  return `${JSON.stringify({ verdict: suiteVerdict(trials), sittings, trials: entries }, null, 2)}\n`
}
