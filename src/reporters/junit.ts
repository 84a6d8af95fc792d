import { create } from 'xmlbuilder2'
import type { ClaimResult, Result } from '../model/result.ts'
import type { TrialOutcome } from '../model/suite.ts'
import { type Case, casesOf, factsOf, missedCase } from './decision.ts'
import { oneLine, printable } from './printable.ts'

/**
 * `junit.xml` for auditors and CI, valid against the Jenkins schema: a suite per result, a case per expectation and invariant.
 * Unknown is `<error>`, fail is `<failure>`, and the `message` of each is complete by itself. A warning is a passing case
 * whose `system-out` says what it found and that it does not decide.
 */
export const renderJunit = (results: readonly Result[]): string => document(results.map((result) => suiteOf(result)))

/** One `junit.xml` for all trials of a suite; a trial that did not take place is an error with its reason. */
export const renderSuiteJunit = (trials: readonly TrialOutcome[]): string =>
  document(
    trials.map(({ result, ...trial }) => {
      const name = trial.of === 1 ? '' : `, trial ${trial.number}`
      return result === null ? missedSuite(trial, name) : suiteOf(result, name)
    }),
  )

interface Suite {
  name: string
  classname: string
  cases: Case[]
  seconds: number
  timestamp: string | null
  properties: [string, string][]
  text: string
}

function suiteOf(result: Result, trial = ''): Suite {
  const { run, scenario } = result
  return {
    name: `${scenario.scenario}${trial}`,
    classname: `${scenario.lab}.${scenario.scenario}${trial}`,
    cases: casesOf(result),
    seconds: run.durationMs / 1000,
    timestamp: run.startedAt,
    properties: propertiesOf(result),
    text: suiteText(result),
  }
}

function missedSuite({ scenario, lab, reason }: Omit<TrialOutcome, 'result'>, trial: string): Suite {
  return {
    name: `${scenario}${trial}`,
    classname: `${lab}.${scenario}${trial}`,
    cases: [missedCase(reason)],
    seconds: 0,
    timestamp: null,
    properties: [
      ['lab', lab],
      ['verdict', 'unknown'],
    ],
    text: printable(oneLine(reason)),
  }
}

function document(suites: readonly Suite[]): string {
  const root = { '@name': 'firedrill', ...totals(suites), testsuite: suites.map(suiteElement) }
  return `${create({ version: '1.0', encoding: 'UTF-8' }, { testsuites: root }).end({ prettyPrint: true })}\n`
}

function suiteElement(suite: Suite) {
  const { timestamp, properties } = suite
  return {
    '@name': printable(suite.name),
    ...totals([suite]),
    '@skipped': '0',
    ...(timestamp === null ? {} : { '@timestamp': printable(timestamp) }),
    properties: {
      property: properties.map(([name, value]) => ({ '@name': oneLine(name), '@value': oneLine(value) })),
    },
    testcase: suite.cases.map((one) => caseElement(one, suite.classname)),
    'system-out': suite.text,
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
    ...(lab.note === undefined ? [] : [['lab.note', lab.note] satisfies [string, string]]),
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

function totals(suites: readonly Suite[]) {
  const cases = suites.flatMap((suite) => suite.cases)
  const count = (verdict: string): string => String(cases.filter((one) => one.counts === verdict).length)
  const seconds = suites.reduce((sum, suite) => sum + suite.seconds, 0)
  return {
    '@tests': String(cases.length),
    '@failures': count('fail'),
    '@errors': count('unknown'),
    '@time': seconds.toFixed(3),
  }
}
