import type { Result } from '../model/result.ts'
import { type Case, casesOf } from './decision.ts'
import { oneLine } from './printable.ts'

/**
 * `run.tap`: TAP version 14, a test point per finding. Unknown is `not ok` with `severity: unknown`. No directive is ever
 * written, because consumers count `# SKIP` and `# TODO` as no failure; a `#` in a title is escaped for the same reason.
 */
export function renderTap(result: Result): string {
  const cases = casesOf(result)
  const points = cases.flatMap((one, index) => pointOf(one, index + 1))
  return `${['TAP version 14', `1..${cases.length}`, ...points, ...footer(result)].join('\n')}\n`
}

function footer({ scenario, verdict, run, claims }: Result): string[] {
  return [
    `# drill ${oneLine(scenario.scenario)} on ${oneLine(scenario.lab)}: ${verdict}`,
    `# run ${oneLine(run.runId)}, seed ${run.seed}`,
    ...claims.map((claim) => `# claim ${oneLine(`"${claim.text}": ${claim.outcome} (${claim.message})`)}`),
  ]
}

function pointOf(one: Case, number: number): string[] {
  const ok = one.counts === 'pass' ? 'ok' : 'not ok'
  return [
    `${ok} ${number} - ${escapeTitle(one.title)}`,
    '  ---',
    ...diagnostic(one).map(([key, value]) => `  ${key}: ${quote(value)}`),
    '  ...',
  ]
}

function diagnostic(one: Case): [string, string][] {
  const severity = one.warning === null ? one.counts : 'warning'
  const because: [string, string][] = one.because === null ? [] : [['because', one.because]]
  return [
    ['message', one.warning ?? one.message],
    ['severity', severity],
    ['kind', one.kind],
    ['id', one.id],
    ...because,
  ]
}

/** A JSON string is a YAML double-quoted scalar once line breaks that only YAML knows are gone. */
const quote = (value: string): string => JSON.stringify(oneLine(value))

/** `#` and `\` are escaped as TAP 14 asks; a title that ends in `{` would open a subtest for older parsers. */
const escapeTitle = (title: string): string => oneLine(title).replace(/[\\#]/g, '\\$&').replace(/\{+$/, '(')
