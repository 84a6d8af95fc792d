import Table from 'cli-table3'
import type { Attempt } from './attempt.ts'

/** What a torture found, by signal and drill, and every lab that was not as before. */
export function tableOf(attempts: readonly Attempt[], about: { seed: number; tookMs: number; labs: number }): string {
  const table = new Table({
    head: ['signal', 'drill', 'kills', 'as before', 'with something to undo', 'median s', 'longest s'],
    style: { head: [], border: [] },
  })
  const groups = Object.groupBy(attempts, ({ signal, drill }) => `${signal} ${drill}`)
  for (const group of Object.values(groups)) if (group !== undefined) table.push(rowOf(group))
  const well = attempts.filter(({ left }) => left.length === 0).length
  const left = attempts.filter((one) => one.left.length > 0).map(lineOf)
  const took = `${(about.tookMs / 60_000).toFixed(1)} min on ${about.labs} labs`
  return [table.toString(), ...left, `${well} of ${attempts.length} as before; seed ${about.seed}, ${took}`].join('\n')
}

function rowOf(group: readonly Attempt[]): string[] {
  const took = group.map(({ tookMs }) => tookMs / 1000).toSorted((a, b) => a - b)
  const [first] = group
  const owed = group.filter(({ undone }) => undone > 0).length
  return [
    first?.signal ?? '',
    first?.drill ?? '',
    String(group.length),
    String(group.filter(({ left }) => left.length === 0).length),
    String(owed),
    (took[Math.floor(took.length / 2)] ?? 0).toFixed(1),
    (took.at(-1) ?? 0).toFixed(1),
  ]
}

const lineOf = ({ signal, number, drill, afterMs, left }: Attempt): string =>
  `${signal} ${number} (${drill} after ${afterMs} ms): ${left.join('; ')}`
