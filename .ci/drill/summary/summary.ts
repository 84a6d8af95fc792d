import { meaningOf } from './meaning.ts'
import type { DrillRow } from './reading.ts'

/** One line for an issue or an annotation: what the exit code means, and how many drills came to which verdict. */
export function lineOf(code: string, drills: readonly DrillRow[]): string {
  const counts = ['pass', 'fail', 'unknown'].flatMap((verdict) => {
    const count = drills.filter((drill) => drill.verdict === verdict).length
    return count === 0 ? [] : [`${count} ${verdict}`]
  })
  const counted = counts.length === 0 ? 'no drill came to a verdict' : counts.join(', ')
  return `${meaningOf(code).title} (exit code ${code === '' ? 'none' : code}; ${counted})`
}

/** The job's summary, as Markdown. */
export function summaryOf(code: string, drills: readonly DrillRow[]): string {
  const rows = drills.map(({ scenario, lab, trial, verdict, told }) => row([scenario, lab, trial, verdict, told]))
  const table = rows.length === 0 ? [] : [row(['scenario', 'lab', 'trial', 'verdict', 'what happened']), rule, ...rows]
  const wrong = drills.flatMap((drill) => drill.wrong.map((line) => `- ${drill.scenario}: ${plain(line)}`))
  const findings = wrong.length === 0 ? [] : ['', '### Not a pass', '', ...wrong]
  return [`## ${lineOf(code, drills)}`, '', meaningOf(code).todo, '', ...table, ...findings, ''].join('\n')
}

const rule = '| --- | --- | --- | --- | --- |'

const row = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`

/** What a recording says may hold anything: one line, and no markup of its own. */
function plain(text: string) {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\|<>[\]*_`&]/g, (sign) => `&#${sign.codePointAt(0)};`)
}
