import { sayInterval } from '../../src/analysis/quantity.ts'
import { sayLimit } from '../../src/checks/limit.ts'
import type { Result } from '../../src/model/result.ts'
import { eventsFor } from './events.ts'
import { rowsFor } from './rows.ts'
import type { ReferenceRow } from './rows.ts'
import { metricOf, needsReason, statementsOf } from './suite.ts'
import type { Statement, SuiteRun, SuiteTrial } from './suite.ts'
import { againLines, overviewOf, sameAgain } from './overview.ts'
import { cell, table } from './markdown.ts'

/** `docs/results.md` from one run of the pack, or from two of them. Pure: the same runs give the same page. */
export function renderResults(first: SuiteRun, second: SuiteRun | null): string {
  const used = new Map<string, ReferenceRow>()
  const labs = [...new Set(first.trials.map(({ lab }) => lab))]
  const sections = labs.flatMap((lab) => [
    `## ${lab}`,
    ...first.trials.filter((trial) => trial.lab === lab).map((trial) => trialSection(trial, second, used)),
  ])
  return [
    '# Results',
    'Made by `npm run results` from the recordings of real runs; none of it is written by hand. **Limits** decide the verdict, and say where they come from. **Claims** are what a document or vendor says; they never change it. Every time is an interval that holds the truth ([how](measurement.md)); a limit inside it is unknown. Times of events are those of the run, from its start.',
    ...overviewOf(first, second),
    ...againLines(first, second),
    ...sections,
    '## Reference rows',
    ...[...used.values()].map(
      ({ id, text, where }) => `- **${id}**: ${text} ([${where.replace(/\.md.*/, '')}](${where})).`,
    ),
  ].join('\n\n')
}

function trialSection(trial: SuiteTrial, second: SuiteRun | null, used: Map<string, ReferenceRow>): string {
  const { scenario, trial: number, of, result, verdict, told } = trial
  const title = `### ${scenario}${of === 1 ? '' : `, trial ${number} of ${of}`}: ${verdict}${sameAgain(trial, second)}`
  if (result === null) return [title, `Nothing was judged: ${cell(told)}`].join('\n\n')
  const { source, question } = result.scenario
  const from =
    source === undefined ? '' : ` (${source.document}${source.section === undefined ? '' : `, ${source.section}`})`
  const statements = statementsOf(result)
  const rows = statements.map((one) => [one.kind, one.text, limitOf(one), measuredOf(one), one.outcome])
  return [
    title,
    `${question}${from} ${result.headline}`,
    ...(trial.verdictThen === verdict ? [] : [`Judged anew: when it ran, the verdict was ${trial.verdictThen}.`]),
    table(['', 'what is said, or why the limit', 'limit', 'measured', 'outcome'], rows),
    ...alikes(statements.filter(needsReason)).map((group) => reasonsOf(result, group, used)),
  ].join('\n\n')
}

function limitOf({ said, measured }: Statement): string {
  if (said === undefined) return ''
  if (!('metric' in said)) return '-'
  return `${said.metric} of ${said.stream} ${sayLimit(said, measured?.unit ?? 'count')}`
}

function measuredOf({ measured }: Statement): string {
  if (measured === undefined) return '-'
  return measured.interval === null ? 'not measurable' : sayInterval(measured.interval, measured.unit)
}

/** Statements about the same figure have the same explanation. */
const alikes = (statements: readonly Statement[]): [Statement, ...Statement[]][] =>
  [...Map.groupBy(statements, subjectOf).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others]],
  )

const subjectOf = ({ said, text }: Statement): string =>
  said !== undefined && 'metric' in said ? `${said.metric} of ${said.stream}` : text

/** What explains statements that do not hold: the figure's own evidence, the recorded events, and the rules of the field. */
function reasonsOf(
  result: Result,
  [first, ...others]: [Statement, ...Statement[]],
  used: Map<string, ReferenceRow>,
): string {
  const isUntestable = first.said !== undefined && 'notTestable' in first.said
  const reference = isUntestable ? [] : rowsFor(caseOf(result, first))
  for (const row of reference) used.set(row.id, row)
  const outcomes = new Set([first, ...others].map(({ kind, outcome }) => `${kind} ${outcome}`))
  const lines = [
    cell(first.measured?.evidence ?? first.message),
    ...eventsFor(result, first).map(cell),
    ...(reference.length > 0 ? [`reference: ${reference.map(({ id }) => `[${id}](#reference-rows)`).join(', ')}`] : []),
  ]
  return [
    `Why **${cell(subjectOf(first))}** (${[...outcomes].join(', ')}):`,
    lines.map((line) => `- ${line}`).join('\n'),
  ].join('\n\n')
}

function caseOf({ timeline, lab }: Result, one: Statement) {
  const metric = metricOf(one)
  const step = timeline.steps.find(({ name }) => name === metric?.step)
  return metric === null || step === undefined
    ? null
    : { kind: step.kind, action: step.action, metric: metric.name, preempt: lab.pair.preempt }
}
