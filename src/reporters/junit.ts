import { create } from 'xmlbuilder2'
import type { ClaimResult, Result } from '../model/result.ts'
import { type Case, casesOf, factsOf } from './decision.ts'
import { oneLine, printable } from './printable.ts'

/**
 * `junit.xml` for auditors and CI, valid against the Jenkins schema: a suite per result, a case per expectation and invariant.
 * Unknown is `<error>`, fail is `<failure>`, and the `message` of each is complete by itself. A warning is a passing case
 * whose `system-out` says what it found and that it does not decide.
 */
export function renderJunit(results: readonly Result[]): string {
  const suites = results.map((result) => suiteOf(result))
  const root = { '@name': 'firedrill', ...totals(results), testsuite: suites }
  return `${create({ version: '1.0', encoding: 'UTF-8' }, { testsuites: root }).end({ prettyPrint: true })}\n`
}

function suiteOf(result: Result) {
  const { run, scenario } = result
  return {
    '@name': printable(scenario.scenario),
    ...totals([result]),
    '@skipped': '0',
    '@timestamp': printable(run.startedAt),
    properties: {
      property: propertiesOf(result).map(([name, value]) => ({ '@name': oneLine(name), '@value': oneLine(value) })),
    },
    testcase: casesOf(result).map((one) => caseElement(one, `${scenario.lab}.${scenario.scenario}`)),
    'system-out': suiteText(result),
  }
}

function caseElement(one: Case, classname: string) {
  const head = { '@name': oneLine(one.title), '@classname': printable(classname) }
  if (one.warning !== null) return { ...head, 'system-out': textOf(one) }
  if (one.counts === 'pass') return { ...head, 'system-out': textOf(one) }
  const cause = {
    '@type': one.kind,
    '@message': oneLine(one.message),
    '#': textOf(one),
  }
  return { ...head, [one.counts === 'fail' ? 'failure' : 'error']: cause }
}

const textOf = (one: Case): string => {
  const facts = one.warning ?? factsOf(one)
  return printable(one.because === null ? facts : `${facts}\nbecause: ${one.because}`)
}

function propertiesOf({ run, scenario, lab, verdict }: Result): [string, string][] {
  const pair = [lab.pair.primary, lab.pair.secondary]
  return [
    ['run.id', run.runId],
    ['run.started', run.startedAt],
    ['run.ended', run.endedAt ?? 'did not end'],
    ['tool', `${run.tool.name} ${run.tool.version}`],
    ['hypervisor', run.hypervisor ?? 'not recorded'],
    ...pair.map((name): [string, string] => [`firewall.${name}`, run.machineVersions[name] ?? 'not recorded']),
    ...Object.entries(run.machineVersions).flatMap(([name, version]): [string, string][] =>
      pair.includes(name) ? [] : [[`machine.${name}`, version]],
    ),
    ...Object.entries(run.host).map(([name, value]): [string, string] => [`host.${name}`, value]),
    ['lab', scenario.lab],
    ['seed', String(run.seed)],
    ['scenario.file', run.scenarioFile],
    ['scenario.sha256', run.scenarioSha256],
    ['recording.sha256', run.recordingSha256],
    ['verdict', verdict],
  ]
}

function suiteText({ headline, scenario, claims, problems }: Result): string {
  const lines = [
    headline,
    `question: ${scenario.question}`,
    `red means: ${scenario.red}`,
    ...claims.map(sayClaim),
    ...problems.map(
      (problem) => `problem at ${(problem.atMs / 1000).toFixed(2)} s in ${problem.where}: ${problem.message}`,
    ),
  ]
  return printable(lines.map(oneLine).join('\n'))
}

const sayClaim = (claim: ClaimResult): string =>
  `claim "${claim.text}": ${claim.outcome} (${claim.message}); claims never decide the verdict`

function totals(results: readonly Result[]) {
  const cases = results.flatMap(casesOf)
  const count = (verdict: string): string => String(cases.filter((one) => one.counts === verdict).length)
  const seconds = results.reduce((sum, result) => sum + result.run.durationMs, 0) / 1000
  return {
    '@tests': String(cases.length),
    '@failures': count('fail'),
    '@errors': count('unknown'),
    '@time': seconds.toFixed(3),
  }
}
