import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { ClaimResult, Finding, Measurement, Result } from '../model/result.ts'
import type { Verdict } from '../model/verdict.ts'
import { oneLine } from './printable.ts'
import { sayInterval } from './quantity.ts'

type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim'
type Paint = (colour: Colour, text: string) => string

const marks = { pass: '✔', fail: '✘', unknown: '?' } as const
const colours = { pass: 'green', fail: 'red', unknown: 'yellow' } as const

/** The summary printed when a run ends. Colours only where `colour` says that the terminal takes them. */
export function summarize(result: Result, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const { scenario, run } = result
  const parts = [
    `${badge(result.verdict, paint)}  ${scenario.scenario} on ${scenario.lab}  ${paint('dim', `run ${run.runId}`)}`,
    oneLine(result.headline),
    measurementTable(result, colour),
    result.findings.map((finding) => findingLine(finding, paint)).join('\n'),
    result.claims.map((claim) => claimLine(claim, paint)).join('\n'),
    result.problems.map((problem) => `! ${oneLine(`${problem.where}: ${problem.message}`)}`).join('\n'),
    result.verdict === 'pass' ? '' : `${paint('bold', 'What red means:')} ${oneLine(scenario.red)}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

const badge = (verdict: Verdict, paint: Paint): string =>
  paint('bold', paint(colours[verdict], `${marks[verdict]} ${verdict.toUpperCase()}`))

function findingLine(finding: Finding, paint: Paint): string {
  const isWarning = finding.level === 'warn' && finding.verdict !== 'pass'
  const mark = isWarning
    ? paint('yellow', '! warning')
    : paint(colours[finding.verdict], `${marks[finding.verdict]} ${finding.verdict}`)
  return `${mark}  ${oneLine(finding.message)}${isWarning ? ' (does not decide the verdict)' : ''}`
}

function claimLine(claim: ClaimResult, paint: Paint): string {
  return `${paint('dim', 'claim')} "${oneLine(claim.text)}": ${paint('bold', claim.outcome)}, ${oneLine(claim.message)}`
}

function measurementTable({ measurements, scenario }: Result, colour: boolean): string {
  if (measurements.length === 0) return 'Nothing was measured.'
  const steps = scenario.steps.map((step) => step.name)
  const style = colour ? { head: ['bold'] } : { head: [], border: [] }
  const table = new Table({ head: ['stream', 'metric', ...steps], style: { ...style, compact: true } })
  table.push(...rowsOf(measurements, steps))
  return table.toString()
}

function rowsOf(measurements: readonly Measurement[], steps: readonly string[]): string[][] {
  const rows = new Map<string, string[]>()
  for (const { stream, metric, step, interval, unit } of measurements) {
    const row = rows.get(`${stream} ${metric}`) ?? [oneLine(stream), metric, ...steps.map(() => '')]
    row[2 + steps.indexOf(step)] = sayInterval(interval, unit)
    rows.set(`${stream} ${metric}`, row)
  }
  return [...rows.values()]
}
