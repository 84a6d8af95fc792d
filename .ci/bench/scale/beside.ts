import { median } from '../accuracy/figures.ts'
import { judge, printTable, say } from '../accuracy/printing.ts'
import { rowFrom } from './rig-row.ts'
import { type BesideRow, besideRowSchema } from './rows.ts'

const many = 4000
/** Departures vary by a few µs from one round to the next. */
const rounds = 5

/** G4: what sessions in the same agent do to the departures of its probes, idle and loaded in turn. */
export async function measureBeside({ seconds }: { seconds: number }): Promise<void> {
  say(`G4: probes every 10 ms beside held sessions in the same agent, ${rounds} times ${seconds} s each, in turn`)
  const found: Record<number, BesideRow[]> = { 0: [], [many]: [] }
  for (let round = 0; round < rounds; round += 1)
    for (const sessions of [0, many]) found[sessions]?.push(await playOnce(sessions, seconds))
  const rows = Object.entries(found).map(([sessions, all]) => ({ sessions, all, p50: medianOf(all, ({ p50 }) => p50) }))
  printTable(
    ['sessions', 'sent', 'missed', '|dev| p50 us', 'p99 us'],
    rows.map(({ sessions, all, p50 }) => [
      sessions,
      String(all.reduce((total, { sent }) => total + sent, 0)),
      String(all.reduce((total, { missed }) => total + missed, 0)),
      micro(p50),
      micro(medianOf(all, ({ p99 }) => p99)),
    ]),
  )
  const ratio = (rows[1]?.p50 ?? Number.NaN) / (rows[0]?.p50 ?? Number.NaN)
  judge(`G4 departure p50 with ${many} sessions <= 1.5 x idle`, ratio <= 1.5, `${ratio.toFixed(2)} x`)
}

const playOnce = (sessions: number, seconds: number): Promise<BesideRow> =>
  rowFrom({ part: 'beside', sessions, seconds }, (row) => besideRowSchema.parse(row))

const medianOf = (rows: readonly BesideRow[], figure: (row: BesideRow) => number): number => median(rows.map(figure))

const micro = (ms: number): string => (1000 * ms).toFixed(1)
