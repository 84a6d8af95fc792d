import type { ClaimResult, Finding, Measurement, Result } from '../../src/model/result.ts'
import type { Claim, Expectation } from '../../src/model/scenario.ts'
import type { Verdict } from '../../src/model/verdict.ts'

/** One trial as the suite and its own recording tell it. `result` null: it did not take place, or nothing of it can be judged. */
export interface SuiteTrial {
  scenario: string
  lab: string
  trial: number
  of: number
  verdict: Verdict
  /** What the suite said of it when it ran; the analysis may have changed since. */
  verdictThen: Verdict
  /** What the suite says of it in one line. */
  told: string
  result: Result | null
}

/** A run of several scenarios. `wallMs`: from its first to its last moment, all sittings together; null where that is not known. */
export interface SuiteRun {
  /** The name of its folder. */
  name: string
  trials: SuiteTrial[]
  wallMs: number | null
  /** How many labs stood side by side at most; null where that is not known. */
  jobs: number | null
}

/** What was said beforehand of one metric, and what became of it. */
export interface Statement {
  kind: 'claim' | 'limit'
  text: string
  said: Claim | Expectation | undefined
  outcome: ClaimResult['outcome'] | Verdict
  message: string
  measured: Measurement | undefined
}

/** All claims and limits of a drill, in the order of its scenario, then the invariants that are not pass. */
export function statementsOf(result: Result): Statement[] {
  const { scenario, claims, findings } = result
  const expected = findings.filter(({ kind }) => kind === 'expectation')
  return [
    ...claims.map((claim, index) => claimed(result, claim, scenario.claims[index])),
    ...expected.map((finding) =>
      limited(
        result,
        finding,
        scenario.expect.find(({ metric, stream }) => finding.id === `expect.${metric}.${stream}`),
      ),
    ),
    ...findings.filter(({ kind, verdict }) => kind === 'invariant' && verdict !== 'pass').map(invariant),
  ]
}

/** Whether something has to be explained: a claim that does not hold, or what is not green. */
export const needsReason = ({ outcome }: Statement): boolean => outcome !== 'met' && outcome !== 'pass'

/** The step and the name of the metric that a statement is about. */
export function metricOf({ said }: Statement): { step: string; name: string; stream: string } | null {
  if (said === undefined || !('metric' in said)) return null
  const [step = '', name = ''] = said.metric.split('.')
  return { step, name, stream: said.stream }
}

function claimed(result: Result, { text, outcome, message }: ClaimResult, said: Claim | undefined): Statement {
  return { kind: 'claim', text, said, outcome, message, measured: measuredOf(result, said) }
}

function limited(result: Result, finding: Finding, said: Expectation | undefined): Statement {
  const { because, level, verdict, message } = finding
  const text = `${level === 'warn' ? '(warning only) ' : ''}${because ?? ''}`
  return { kind: 'limit', text, said, outcome: verdict, message, measured: measuredOf(result, said) }
}

const invariant = ({ title, verdict, message, level }: Finding): Statement => ({
  kind: 'limit',
  text: `${level === 'warn' ? '(warning only) ' : ''}in every drill: ${title}`,
  said: undefined,
  outcome: verdict,
  message,
  measured: undefined,
})

function measuredOf({ measurements }: Result, said: Claim | Expectation | undefined): Measurement | undefined {
  if (said === undefined || !('metric' in said)) return undefined
  const { metric, stream } = said
  return measurements.find((one) => `${one.step}.${one.metric}` === metric && one.stream === stream)
}
