import type { Finding, Result } from '../model/result.ts'
import { worstOf, type Verdict } from '../model/verdict.ts'

/** One line of a machine-readable report: what was judged, and how it counts there. */
export interface Case {
  id: string
  kind: Finding['kind'] | 'verdict'
  title: string
  /** How the case counts. A warning always counts as pass. */
  counts: Verdict
  message: string
  because: string | null
  /** Set where a finding of level `warn` is not pass: what it says, and that it does not decide. */
  warning: string | null
}

/**
 * The cases that CI counts: one per finding, and one for the verdict itself where the findings do not account for it
 * (nothing was judged, say), so that a run that is not pass never looks green.
 */
export function casesOf(result: Result): Case[] {
  const cases = result.findings.map(caseOf)
  return worstOf(cases.map((one) => one.counts)) === result.verdict && hasDecider(result)
    ? cases
    : [...cases, verdictCase(result)]
}

const hasDecider = (result: Result): boolean => result.findings.some((finding) => finding.level === 'fail')

function caseOf(finding: Finding): Case {
  const { id, kind, title, message, because } = finding
  const isWarning = finding.level === 'warn' && finding.verdict !== 'pass'
  const warning = isWarning ? `Warning only, does not decide the verdict (${finding.verdict}): ${message}` : null
  return { id, kind, title, message, because, warning, counts: finding.level === 'warn' ? 'pass' : finding.verdict }
}

const verdictCase = (result: Result): Case => ({
  id: 'verdict',
  kind: 'verdict',
  title: 'the drill reached its verdict',
  counts: result.verdict,
  message: result.headline,
  because: 'a run without a judgement is unknown, never green',
  warning: null,
})

/** The case of a drill that did not take place. */
export const missedCase = (reason: string): Case => ({
  id: 'verdict',
  kind: 'verdict',
  title: 'the drill took place',
  counts: 'unknown',
  message: reason,
  because: 'a drill that did not take place is unknown, never green',
  warning: null,
})

/** What was measured, without the reason where the message ends with it: for places that show the reason on its own. */
export function factsOf({ message, because }: Pick<Finding, 'message' | 'because'>): string {
  const reason = ` (because ${(because ?? '').trim()})`
  return message.endsWith(reason) ? message.slice(0, -reason.length) : message
}
