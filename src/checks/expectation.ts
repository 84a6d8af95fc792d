import type { Analysis } from '../analysis/analyse.ts'
import { sayInterval, sayQuantity } from '../analysis/quantity.ts'
import { isMetricName, metricKinds } from '../model/metric.ts'
import type { Unit } from '../model/metric.ts'
import type { ClaimResult, Finding, Measurement } from '../model/result.ts'
import type { Claim, Expectation } from '../model/scenario.ts'
import type { Verdict } from '../model/verdict.ts'
import { judgeInterval, sayLimit } from './limit.ts'

/** What one statement about a metric amounts to. */
interface Statement {
  metric: string
  stream: string
  min?: number | undefined
  max?: number | undefined
}

/** The finding of one expectation of the scenario. */
export function judgeExpectation(expectation: Expectation, analysis: Analysis): Finding {
  const { metric, stream, level, because } = expectation
  const measured = measurementOf(expectation, analysis)
  const verdict = judgeInterval(measured?.interval ?? null, expectation)
  return {
    id: `expect.${metric}.${stream}`,
    kind: 'expectation',
    level,
    verdict,
    title: `${metric} of ${stream} is ${sayLimit(expectation, unitOf(expectation))}`,
    message: `${sayJudgement(expectation, measured, verdict)} (because ${because.trim()})`,
    because,
  }
}

const outcomes: Record<Verdict, ClaimResult['outcome']> = { pass: 'met', fail: 'not met', unknown: 'not testable' }

/** What became of one claim of the source. */
export function judgeClaim(claim: Claim, analysis: Analysis): ClaimResult {
  if ('notTestable' in claim) return { text: claim.text, outcome: 'not testable', message: claim.notTestable }
  const measured = measurementOf(claim, analysis)
  const verdict = judgeInterval(measured?.interval ?? null, claim)
  return { text: claim.text, outcome: outcomes[verdict], message: sayJudgement(claim, measured, verdict) }
}

function measurementOf({ metric, stream }: Statement, { measurements }: Analysis): Measurement | undefined {
  const [step, name] = metric.split('.')
  return measurements.find((one) => one.step === step && one.metric === name && one.stream === stream)
}

function sayJudgement(statement: Statement, measured: Measurement | undefined, verdict: Verdict): string {
  const { metric, stream } = statement
  const unit = unitOf(statement)
  const limit = `limit ${sayLimit(statement, unit)}`
  if (measured === undefined) return `${metric} of ${stream}: not measured, the recording has no such stream; ${limit}`
  const { interval, evidence } = measured
  if (interval === null) return `${metric} of ${stream}: not measurable, ${evidence}; ${limit}`
  const value = `${metric} of ${stream}: ${sayInterval(interval, unit)} (${evidence}), ${limit}`
  if (verdict !== 'unknown') return value
  const high = Number.isFinite(interval.high) ? sayQuantity(interval.high, unit) : 'no upper bound'
  return `${value}, which lies inside the uncertainty: between ${sayQuantity(interval.low, unit)} and ${high}`
}

function unitOf({ metric }: Statement): Unit {
  const name = metric.split('.')[1] ?? ''
  return isMetricName(name) ? metricKinds[name].unit : 'count'
}
