import { judge, percent, printTable, say } from '../accuracy/printing.ts'
import { rowFrom } from './rig-row.ts'
import { type SessionsRow, sessionsRowSchema } from './rows.ts'

const goal = 5000
const stretch = 7500
const counts = [1000, goal, stretch]
const each = 20

/** G5: sessions at 5 messages a second from one agent, a hundred of them harmed, each in one of five ways. */
export async function measureSessions({ seed }: { seed: number }): Promise<void> {
  say(`\nG5: held sessions, 16 B each way every 200 ms, ${each} harmed in each of five ways, seed ${seed}`)
  const rows: SessionsRow[] = []
  for (const sessions of counts) {
    rows.push(await rowFrom({ part: 'sessions', seed, sessions, each }, (row) => sessionsRowSchema.parse(row)))
    say(`  ${sessions} sessions held`)
  }
  printTable(heads, rows.map(cellsOf))
  for (const row of rows) judgeSessions(row)
}

const heads = [
  'sessions',
  'msg/s',
  'CPU of a core',
  'RSS MB',
  'echo p50 ms',
  'p99',
  'max',
  'send lateness p99 ms',
  'false verdicts',
  'undecided',
]

const cellsOf = ({ sessions, perSecond, processor, residentBytes, echo, lateness, ...row }: SessionsRow): string[] => [
  String(sessions),
  perSecond.toFixed(0),
  percent(processor, 0),
  (residentBytes / 2 ** 20).toFixed(0),
  echo.p50.toFixed(2),
  echo.p99.toFixed(2),
  echo.max.toFixed(1),
  lateness.p99.toFixed(2),
  String(row.wrong),
  String(row.undecided),
]

/** Beyond the goal the figures are told only. */
function judgeSessions({ sessions, echo, verdicts, wrong, undecided, examples }: SessionsRow): void {
  const fates = Object.entries(verdicts).map(([harm, all]) => `${harm}: ${sayCounts(all)}`)
  say(`${sessions} sessions; ${fates.join('; ')}`)
  for (const line of examples) say(`         ${line}`)
  const figures = `echo p99 ${echo.p99.toFixed(2)} ms, ${wrong} false verdicts, ${undecided} undecided`
  if (sessions > goal) return say(`told     G5 stretch, ${sessions} sessions: ${figures}`)
  judge(`G5 with ${sessions} sessions, echo p99 <= 10 ms`, echo.p99 <= 10, `${echo.p99.toFixed(2)} ms`)
  const told = `${wrong} false, ${undecided} undecided over ${5 * each} faults`
  judge(`G5 with ${sessions} sessions, no false verdict`, wrong + undecided === 0, told)
}

const sayCounts = (verdicts: Record<string, number>): string =>
  Object.entries(verdicts)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ')
