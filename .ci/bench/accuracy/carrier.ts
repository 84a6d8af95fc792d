import { errorOf, playRows } from './cuts.ts'
import { median } from './figures.ts'
import { judge, percent, printTable, say } from './printing.ts'
import { randomFrom } from './random.ts'
import type { CutRow } from './rows.ts'

const intervals = [200, 10]
const trials = 10
const lengthMs = 1000

/** G2: the far end's link is down for a second. The sender's kernel keeps probes back meanwhile: they come late, and few are lost. */
export async function measureCarrierLoss({ seed, kind }: { seed: number; kind: string }): Promise<void> {
  say(`\nG2: ${trials} times carrier lost for ${lengthMs} ms at the far end (${kind})`)
  const random = randomFrom(seed)
  const waitsMs = Array.from({ length: trials }, () => 500 + 1000 * random())
  const rows = await playRows({ part: 'carrier', seed, kind, everyMs: intervals, waitsMs })
  const heads = [
    'interval ms',
    'cuts',
    'theta ms',
    'truth ms',
    'said ms',
    'most off ms',
    'impaired',
    'lost',
    'lost x T ms',
    'loss in %',
  ]
  printTable(
    heads,
    intervals.map((everyMs) =>
      cellsOf(
        everyMs,
        rows.filter((row) => row.everyMs === everyMs),
      ),
    ),
  )
  for (const everyMs of intervals)
    judgeInterval(
      everyMs,
      rows.filter((row) => row.everyMs === everyMs),
    )
}

function cellsOf(everyMs: number, rows: readonly CutRow[]): string[] {
  const of = (figure: (row: CutRow) => number, digits = 0) => median(rows.map(figure)).toFixed(digits)
  return [
    String(everyMs),
    String(rows.length),
    of(({ thetaMs }) => thetaMs),
    of(({ truth }) => (truth.low + truth.high) / 2, 1),
    of(({ said }) => (said === null ? Number.NaN : (said.low + said.high) / 2), 1),
    Math.max(...rows.map(offOf)).toFixed(1),
    of(({ impaired }) => impaired),
    of(({ lost }) => lost),
    of(({ lost }) => lost * everyMs),
    percent(median(rows.map(({ lost }) => (lost * everyMs) / lengthMs))),
  ]
}

/** How far the middle of what is said is from the nearest length that the truth can have, ms. */
function offOf(row: CutRow): number {
  const { errorMs } = errorOf(row)
  return Math.max(0, -errorMs, errorMs - (row.truth.high - row.truth.low))
}

function judgeInterval(everyMs: number, rows: readonly CutRow[]): void {
  const allowedMs = everyMs + Math.max(...rows.map(({ thetaMs }) => thetaMs))
  const most = Math.max(...rows.map(offOf))
  const silent = rows.filter(({ lost }) => lost === 0).length
  judge(
    `G2 at ${everyMs} ms, within T + theta = ${allowedMs.toFixed(0)} ms`,
    most <= allowedMs,
    `${most.toFixed(1)} ms off at most`,
  )
  say(`         in ${silent} of ${rows.length} cuts nothing was lost at ${everyMs} ms: a counter of losses says 0 %`)
}
