import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { TrialOutcome } from '../model/suite.ts'
import type { Verdict } from '../model/verdict.ts'
import { oneLine } from './printable.ts'
import { saySessions } from './suite-sessions.ts'
import { verdictOf } from './suite-verdict.ts'
import { wrapped } from './wrapping.ts'

const colours = { pass: 'green', fail: 'red', unknown: 'yellow' } as const
/** What a line of numbers is wide at least, however narrow the terminal. */
const leastWidth = 30

/** The closing table of a suite: a row per trial with its verdict and its numbers, and how many there are of each verdict. */
export function summarizeSuite(
  trials: readonly TrialOutcome[],
  { colour, columns }: { colour: boolean; columns: number },
): string {
  const paint = (verdict: Verdict) =>
    colour ? styleText(colours[verdict], verdict, { validateStream: false }) : verdict
  const heads = trials.map(({ scenario, number, of }) => [oneLine(scenario), of === 1 ? '1' : `${number} of ${of}`])
  const width = Math.max(leastWidth, columns - widthOf(['scenario', 'trial'], heads) - 'unknown'.length - 13)
  const style = colour ? { head: ['bold'] } : { head: [], border: [] }
  const table = new Table({ head: ['scenario', 'trial', 'verdict', 'what happened'], style })
  for (const [index, trial] of trials.entries()) {
    table.push([...(heads[index] ?? []), paint(verdictOf(trial)), wrapped(toldOf(trial), width)])
  }
  const sessions = saySessions(trials).map((line) => wrapped(line, columns))
  return [table.toString(), ...sessions, countsOf(trials)].join('\n')
}

const toldOf = ({ result, reason }: TrialOutcome): string =>
  oneLine(result === null ? `did not take place: ${reason}` : result.headline)

function widthOf(titles: string[], rows: readonly string[][]): number {
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  return widths.reduce((sum, width) => sum + width, 0)
}

/** `3 trials: 2 pass, 1 unknown` */
function countsOf(trials: readonly TrialOutcome[]): string {
  const of = Object.entries(Object.groupBy(trials, verdictOf)).map(([verdict, own]) => `${own.length} ${verdict}`)
  return `${trials.length} trials: ${of.join(', ')}`
}
