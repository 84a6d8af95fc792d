import type { TrialOutcome } from '../model/suite.ts'
import { worstOf } from '../model/verdict.ts'
import type { Verdict } from '../model/verdict.ts'

/** The verdict of one trial; one that did not take place is unknown. */
export const verdictOf = ({ result }: Pick<TrialOutcome, 'result'>): Verdict => result?.verdict ?? 'unknown'

/** The worst verdict of all trials. */
export const suiteVerdict = (trials: readonly TrialOutcome[]): Verdict => worstOf(trials.map(verdictOf))
