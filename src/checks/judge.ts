import type { Analysis } from '../analysis/analyse.ts'
import type { Finding, Result } from '../model/result.ts'
import { worstOf } from '../model/verdict.ts'
import { findingsOf } from './check.ts'
import { checks } from './checks.ts'
import { judgeClaim, judgeExpectation } from './expectation.ts'
import { headlineOf } from './headline.ts'

/** Judges what a recording says. The verdict is the worst of the findings that decide; claims and warnings never do. */
export function judge(analysis: Analysis): Result {
  const { run, scenario, lab, measurements, problems, timeline } = analysis
  const judged = [
    ...scenario.expect.map((expectation) => judgeExpectation(expectation, analysis)),
    ...checks.flatMap((check) => findingsOf(check, analysis)),
  ]
  const findings = hasFalseFault(analysis) ? judged.map(undecided) : judged
  const verdict = worstOf(findings.filter(({ level }) => level === 'fail').map((finding) => finding.verdict))
  return {
    run,
    scenario,
    lab,
    verdict,
    headline: headlineOf(analysis, verdict, findings),
    findings,
    claims: scenario.claims.map((claim) => judgeClaim(claim, analysis)),
    measurements,
    problems,
    timeline,
  }
}

/** Whether a fault was begun and nobody saw that it had happened: then whatever was measured was measured of something else. */
const hasFalseFault = ({ steps }: Analysis): boolean =>
  steps.some(({ action, injectedMs, effect }) => action === 'fault' && injectedMs !== null && effect?.proven !== true)

const undecided = (finding: Finding): Finding =>
  finding.verdict === 'fail' || (finding.kind === 'expectation' && finding.verdict === 'pass')
    ? { ...finding, verdict: 'unknown', message: `${finding.message}; not judged, since a fault had no proven effect` }
    : finding
