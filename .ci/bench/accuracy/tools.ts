import { largest, mean } from './figures.ts'
import { printTable, say } from './printing.ts'
import { randomFrom } from './random.ts'
import { missingTools } from './rig/tools.ts'
import { rowsFrom } from './rig-rows.ts'
import { type ToolRow, toolRowSchema } from './rows.ts'

/** 200 ms would flatter: it divides a second. */
const intervals = [190, 10, 1]
const lengthMs = 1000
const most = 20

/** Every tool at once against the same exact cuts of a second: told, not judged. */
export async function compareTools({ seed, kind, cuts }: { seed: number; kind: string; cuts: number }): Promise<void> {
  const count = Math.min(most, cuts)
  say(
    `\nEvery tool at once, ${count} exact cuts of ${lengthMs} ms; from its packets on the wire, errors in ms: mean (sd; max)`,
  )
  const random = randomFrom(seed)
  const drawn = Array.from({ length: count }, () => ({ lengthMs, afterMs: 700 + 300 * random() }))
  const rows: ToolRow[] = []
  for (const everyMs of intervals) {
    const order = { part: 'tools', kind, everyMs, cuts: drawn }
    rows.push(...(await rowsFrom(order, (row) => toolRowSchema.parse(row))))
  }
  const cells = rows.map(({ tool, everyMs, counted, bracket }) => [
    `${everyMs} ms, ${tool}`,
    sayErrors(counted),
    sayErrors(bracket),
  ])
  printTable(
    ['interval, tool', 'lost x T', 'bracket of send times'],
    [...cells, ...missingTools(kind).map((words) => [words])],
  )
}

function sayErrors(errors: readonly (number | null)[]): string {
  const known = errors.filter((error) => error !== null)
  const middle = mean(known)
  const deviation = Math.sqrt(mean(known.map((error) => (error - middle) ** 2)))
  const unknown = known.length < errors.length ? `, ${errors.length - known.length} unknown` : ''
  return `${middle.toFixed(1)} (${deviation.toFixed(1)}; ${largest(known.map(Math.abs)).toFixed(1)})${unknown}`
}
