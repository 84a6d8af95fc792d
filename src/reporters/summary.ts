import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { ClaimResult, Finding, Measurement, Result } from '../model/result.ts'
import type { Verdict } from '../model/verdict.ts'
import { factsOf } from './decision.ts'
import { oneLine } from './printable.ts'
import { sayMeasured } from './quantity.ts'
import { wrapped } from './wrapping.ts'

type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim'
type Paint = (colour: Colour, text: string) => string

const marks = { pass: '✔', fail: '✘', unknown: '?' } as const
const colours = { pass: 'green', fail: 'red', unknown: 'yellow' } as const

/** The summary printed when a run ends, no wider than `columns`. Colours only where `colour` says that the terminal takes them. */
export function summarize(result: Result, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text)
  const say = (text: string): string => wrapped(oneLine(text), columns)
  const { scenario, lab, run, verdict } = result
  const parts = [
    `${paint('bold', mark(verdict, verdict.toUpperCase(), paint))}  ${oneLine(`${scenario.scenario} on ${scenario.lab}`)}  ${paint('dim', `run ${oneLine(run.runId)}`)}`,
    say(result.headline),
    measurementTable(result, colour),
    findingLines(result.findings, columns, paint).join('\n'),
    result.claims.map((claim) => claimLine(claim, columns, paint)).join('\n'),
    result.problems.map(({ where, message }) => say(`! ${where}: ${message}`)).join('\n'),
    lab.note === undefined ? '' : say(`Lab: ${lab.note}`),
    verdict === 'pass' ? '' : say(`What red means: ${scenario.red}`),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

const mark = (verdict: Verdict, word: string, paint: Paint): string =>
  paint(colours[verdict], `${marks[verdict]} ${word}`)

/** Every finding of the scenario and every invariant that did not hold; those that held are only counted. */
function findingLines(findings: readonly Finding[], columns: number, paint: Paint): string[] {
  const held = findings.filter(({ kind, verdict }) => kind === 'invariant' && verdict === 'pass')
  const lines = findings
    .filter((finding) => !held.includes(finding))
    .map((finding) => findingLine(finding, columns, paint))
  const checks =
    held.length === 1 ? '1 check that every drill must pass' : `${held.length} checks that every drill must pass`
  return held.length === 0 ? lines : [...lines, `${mark('pass', 'pass   ', paint)}  ${checks}`]
}

function findingLine(finding: Finding, columns: number, paint: Paint): string {
  const isWarning = finding.level === 'warn' && finding.verdict !== 'pass'
  const head = isWarning ? paint('yellow', '! warning') : mark(finding.verdict, finding.verdict.padEnd(7), paint)
  const words = `${oneLine(shown(finding))}${isWarning ? ' (does not decide the verdict)' : ''}`
  return `${head}  ${hanging(words, columns)}`
}

/** A limit's reason is worth the screen where it was broken. */
const shown = (finding: Finding): string => (finding.verdict === 'fail' ? finding.message : factsOf(finding))

const claimLine = (claim: ClaimResult, columns: number, paint: Paint): string =>
  `${paint('dim', 'claim    ')}  ${hanging(`"${oneLine(claim.text)}": ${claim.outcome}, ${oneLine(claim.message)}`, columns)}`

/** Width of the column of verdicts. */
const headWidth = 11

const hanging = (words: string, columns: number): string =>
  wrapped(words, columns - headWidth).replaceAll('\n', `\n${' '.repeat(headWidth)}`)

function measurementTable({ measurements, scenario }: Result, colour: boolean): string {
  if (measurements.length === 0) return 'Nothing was measured.'
  const steps = scenario.steps.map((step) => step.name)
  const style = colour ? { head: ['bold'] } : { head: [], border: [] }
  const table = new Table({ head: ['stream', 'metric', ...steps.map(oneLine)], style: { ...style, compact: true } })
  table.push(...rowsOf(measurements, steps))
  return table.toString()
}

function rowsOf(measurements: readonly Measurement[], steps: readonly string[]): string[][] {
  const rows = new Map<string, string[]>()
  for (const { stream, metric, step, interval, unit } of measurements.filter((one) => isShown(one, steps))) {
    const row = rows.get(`${stream} ${metric}`) ?? [oneLine(stream), metric, ...steps.map(() => '')]
    row[2 + steps.indexOf(step)] = sayMeasured(interval, unit)
    rows.set(`${stream} ${metric}`, row)
  }
  return [...rows.values()]
}

/** What goes over all steps, or is of one VHID among several, is for the page. */
const isShown = ({ stream, step }: Measurement, steps: readonly string[]): boolean =>
  steps.includes(step) && !/^vhid-\d+$/.test(stream)
