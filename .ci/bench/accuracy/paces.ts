import { pooled, type Pace } from './departures.ts'
import { median } from './figures.ts'
import { judge, percent, printTable, say } from './printing.ts'
import { rowsFrom } from './rig-rows.ts'
import { missingTools } from './rig/tools.ts'
import { type PaceRow, paceRowSchema } from './rows.ts'

const intervals = [200, 10, 1]

/** A tool at an interval, over all rounds. */
interface Kept extends Pace {
  tool: string
  everyMs: number
  processor: number
}

/** G3: how tools keep their rate, by the departures on the sender's wire; one at a time, so that each has the machine for itself. */
export async function measurePaces({
  kind,
  seconds,
  rounds,
}: {
  kind: string
  seconds: number
  rounds: number
}): Promise<void> {
  say(`\nG3: each tool alone, ${rounds} times ${seconds} s; departures stamped by the kernel at the sender's veth`)
  const order = { part: 'pace', kind, everyMs: intervals, seconds, rounds }
  const rows = await rowsFrom(order, (row) => paceRowSchema.parse(row))
  const kept = [...Map.groupBy(rows, ({ tool, everyMs }) => `${tool} ${everyMs}`).values()].flatMap(together)
  for (const everyMs of intervals) {
    say(`\nT = ${everyMs} ms`)
    const cells = kept.filter((one) => one.everyMs === everyMs).map(cellsOf)
    printTable(heads, [...cells, ...missingTools(kind).map((words) => [words])])
  }
  say('')
  for (const everyMs of intervals)
    judgePace(
      kept.filter((one) => one.everyMs === everyMs),
      everyMs,
    )
}

function together(rounds: readonly PaceRow[]): Kept[] {
  const [first] = rounds
  if (first === undefined) return []
  const processor = median(rounds.map((one) => one.processor))
  return [{ tool: first.tool, everyMs: first.everyMs, processor, ...pooled(rounds) }]
}

const heads = [
  'tool',
  'sent',
  'rate kept',
  'missed slots',
  '|dev| p50 us',
  'p99 us',
  'off grid p50 us',
  'p99 us',
  'CPU of a core',
]

const micro = (ms: number): string => (1000 * ms).toFixed(1)

const cellsOf = ({ tool, sent, kept, missed, deviation, grid, processor }: Kept): string[] => [
  tool,
  String(sent),
  percent(kept, 2),
  `${missed} (${percent(missed / (missed + sent), 2)})`,
  micro(deviation.p50),
  micro(deviation.p99),
  micro(grid.p50),
  micro(grid.p99),
  percent(processor, 2),
]

/** Against fping in the same run; at 200 ms the goals are those of departure. */
function judgePace(kept: readonly Kept[], everyMs: number): void {
  const [ours, fping] = ['firedrill', 'fping'].map((name) => kept.find(({ tool }) => tool.startsWith(name)))
  if (ours === undefined || fping === undefined) return judge(`G3 at ${everyMs} ms`, false, 'not measured')
  const at = `G3 at ${everyMs} ms,`
  const times = (one: number, other: number) => `${(one / other).toFixed(2)} x fping's`
  if (everyMs <= 10) {
    const missedShare = ours.missed / (ours.missed + ours.sent)
    judge(`${at} rate kept >= 99.9 %`, ours.kept >= 0.999, percent(ours.kept, 3))
    if (everyMs === 10) judge(`${at} no slot missed`, ours.missed === 0, `${ours.missed} of ${ours.sent}`)
    else judge(`${at} at most 0.1 % of the slots missed`, missedShare <= 0.001, percent(missedShare, 3))
  }
  judge(
    `${at} departure deviation p50 <= 2 x fping's`,
    ours.deviation.p50 <= 2 * fping.deviation.p50,
    times(ours.deviation.p50, fping.deviation.p50),
  )
  judge(`${at} grid p99 <= 2 x fping's`, ours.grid.p99 <= 2 * fping.grid.p99, times(ours.grid.p99, fping.grid.p99))
  if (everyMs > 10) return say(`told     ${at} CPU: ${times(ours.processor, fping.processor)}`)
  judge(`${at} CPU <= 5 x fping's`, ours.processor <= 5 * fping.processor, times(ours.processor, fping.processor))
  if (everyMs === 10) judge(`${at} CPU <= 5 % of a core`, ours.processor <= 0.05, percent(ours.processor, 2))
}
