import { sayMs } from '../../src/analysis/quantity.ts'
import type { SuiteRun, SuiteTrial } from './suite.ts'
import { table } from './markdown.ts'

/** What ran, with what, and how it came out; one column for each run. */
export function overviewOf(first: SuiteRun, second: SuiteRun | null): string[] {
  const runs = second === null ? [first] : [first, second]
  const row = (name: string, of: (run: SuiteRun) => string) => [name, ...runs.map(of)]
  return [
    table(
      ['', ...runs.map(({ name }) => name)],
      [
        row('drills', verdictsOf),
        row('claims', claimsOf),
        row('made with', madeWith),
        row('on', madeOn),
        row('wall time', timesOf),
      ],
    ),
  ]
}

/** Whether two runs of the pack came out alike, and what did not. */
export function againLines(first: SuiteRun, second: SuiteRun | null): string[] {
  if (second === null) return []
  const differences = first.trials.flatMap((trial) => differencesOf(trial, againOf(trial, second)))
  const further = second.trials.filter((trial) => againOf(trial, first) === undefined)
  const lines = [...differences, ...further.map(({ lab, scenario }) => `${lab}, ${scenario}: only in the second run`)]
  if (lines.length === 0)
    return ['**Both runs came out alike**: the same verdict of every drill, the same outcome of every claim.']
  return ['**The two runs differ:**', lines.map((line) => `- ${line}`).join('\n')]
}

/** What stands behind the verdict of a drill: that of the second run where it is another one. */
export function sameAgain(trial: SuiteTrial, second: SuiteRun | null): string {
  if (second === null) return ''
  const again = againOf(trial, second)
  if (again === undefined) return ' (not in the second run)'
  return again.verdict === trial.verdict ? ' (twice)' : ` (then ${again.verdict})`
}

const againOf = ({ scenario, lab, trial }: SuiteTrial, { trials }: SuiteRun): SuiteTrial | undefined =>
  trials.find((one) => one.scenario === scenario && one.lab === lab && one.trial === trial)

function differencesOf(trial: SuiteTrial, again: SuiteTrial | undefined): string[] {
  const name = `${trial.lab}, ${trial.scenario}`
  if (again === undefined) return [`${name}: not in the second run`]
  if (again.verdict !== trial.verdict) return [`${name}: ${trial.verdict}, then ${again.verdict}`]
  const claims = again.result?.claims ?? []
  return (trial.result?.claims ?? []).flatMap(({ text, outcome }, index) => {
    const other = claims[index]?.outcome ?? 'absent'
    return other === outcome ? [] : [`${name}, claim "${text}": ${outcome}, then ${other}`]
  })
}

const verdictsOf = ({ trials }: SuiteRun): string => countsOf(trials.map(({ verdict }) => verdict))

const claimsOf = ({ trials }: SuiteRun): string =>
  countsOf(trials.flatMap(({ result }) => (result === null ? [] : result.claims.map(({ outcome }) => outcome))))

/** `12 pass, 1 unknown` */
function countsOf(words: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(words, (word) => word))
  return groups.length === 0 ? 'none' : groups.map(([word, own = []]) => `${own.length} ${word}`).join(', ')
}

const madeWith = ({ trials }: SuiteRun): string =>
  unique(
    trials.flatMap(({ result }) => (result === null ? [] : [`${result.run.tool.name} ${result.run.tool.version}`])),
  )

const madeOn = ({ trials }: SuiteRun): string =>
  unique(
    trials.flatMap(({ result }) => {
      if (result === null) return []
      const { kernel = 'a kernel not told', processors = '?', node = '?' } = result.run.host
      return [
        `${result.run.hypervisor ?? 'a hypervisor not told'}, Linux ${kernel}, ${processors} processors, Node ${node}`,
      ]
    }),
  )

const unique = (words: readonly string[]): string => [...new Set(words)].join('; ')

/** Wall time against the sum of what the drills took by themselves. */
function timesOf({ trials, wallMs, jobs }: SuiteRun): string {
  const sumMs = trials.reduce((sum, { result }) => sum + (result?.run.durationMs ?? 0), 0)
  const own = `the drills' own timelines are ${sayMs(sumMs)} in all`
  if (wallMs === null || sumMs === 0) return `not told; ${own}`
  const atOnce = Math.min(jobs ?? 1, new Set(trials.map(({ lab }) => lab)).size)
  const side = jobs === null ? '' : atOnce > 1 ? `, ${atOnce} labs side by side` : ', one lab at a time'
  return `${sayMs(wallMs)}${side}; ${own}: ${(wallMs / sumMs).toFixed(2)} of them`
}
