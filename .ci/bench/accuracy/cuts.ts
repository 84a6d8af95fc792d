import { largest, mean, rms } from './figures.ts'
import { rowsFrom } from './rig-rows.ts'
import { judge, percent, printTable, say } from './printing.ts'
import { randomFrom } from './random.ts'
import { type CutRow, cutRowSchema } from './rows.ts'

const intervals = [200, 100, 50, 10, 1]
const batchSize = 20
const relativeFromMs = 1000
/** Fewer cuts say nothing about a mean square. */
const fewestForRms = 50

/** G1: cuts of random length at random instants, exact by the kernel's clock, against what the report of a drill says. */
export async function measureCuts({ cuts, seed, kind }: { cuts: number; seed: number; kind: string }): Promise<void> {
  say(`G1: ${cuts} cuts, seed ${seed}, every interval probes the same cuts (${kind})`)
  const rows: CutRow[] = []
  for (let from = 0; from < cuts; from += batchSize) {
    rows.push(
      ...(await playBatch({
        kind,
        seed: seed + from,
        count: Math.min(batchSize, cuts - from),
        everyMs: intervals,
        draw: anyCut,
      })),
    )
    say(`  ${Math.min(cuts, from + batchSize)} of ${cuts} cuts played`)
  }
  const byInterval = intervals.map((everyMs) =>
    figuresOf(
      everyMs,
      rows.filter((row) => row.everyMs === everyMs),
    ),
  )
  printTable(heads, byInterval.map(cellsOf))
  for (const figures of byInterval) judgeInterval(figures)
}

/** A batch of cuts, each drawn by `draw`: how long it is, and how long after the end of the one before it comes. */
interface Batch {
  kind: string
  seed: number
  count: number
  everyMs: number[]
  draw: (random: () => number) => { lengthMs: number; afterMs: number }
}

/** Plays a batch of cuts in a rig of its own. */
export async function playBatch({ kind, seed, count, everyMs, draw }: Batch): Promise<CutRow[]> {
  const random = randomFrom(seed)
  const cuts = Array.from({ length: count }, () => draw(random))
  return await playRows({ part: 'cuts', kind, seed, everyMs, cuts })
}

/** Has a rig of its own play cuts as the order says. */
export const playRows = (order: object): Promise<CutRow[]> => rowsFrom(order, (row) => cutRowSchema.parse(row))

/** Whether the truth lies where the report says, and how far its middle is off, ms. */
export function errorOf({ truth, said }: CutRow): { errorMs: number; halfWidthMs: number; isHeld: boolean } {
  const { low, high } = said ?? { low: Number.NaN, high: Number.NaN }
  const errorMs = (low + high) / 2 - truth.low
  return { errorMs, halfWidthMs: (high - low) / 2, isHeld: Math.abs(errorMs) <= (high - low) / 2 }
}

/** Six of ten last from 1 to 3 s, the others from 30 ms on, the short ones as often as the long ones. */
function anyCut(random: () => number): { lengthMs: number; afterMs: number } {
  const lengthMs = random() < 0.6 ? 1000 + 2000 * random() : 30 * (1000 / 30) ** random()
  return { lengthMs, afterMs: 1300 + 400 * random() }
}

interface Figures {
  everyMs: number
  rows: CutRow[]
  held: number
  widest: number
  /** The widest without what the machine's standing still adds to it. */
  widestOfOurs: number
  stoodStill: number
  rms: number
  mean: number
  largest: number
  /** Of cuts of at least 1 s. */
  relative: number
}

function figuresOf(everyMs: number, rows: CutRow[]): Figures {
  const errors = rows.map(errorOf)
  const long = rows.filter(({ truth }) => truth.low >= relativeFromMs)
  const errorsMs = errors.map(({ errorMs }) => errorMs)
  return {
    everyMs,
    rows,
    held: errors.filter(({ isHeld }) => isHeld).length,
    widest: largest(errors.map(({ halfWidthMs }) => halfWidthMs)),
    widestOfOurs: largest(rows.map((row) => errorOf(row).halfWidthMs - row.standstillMs / 2)),
    stoodStill: rows.filter(({ standstillMs }) => standstillMs > 0).length,
    rms: rms(errorsMs),
    mean: mean(errorsMs),
    largest: largest(errorsMs.map(Math.abs)),
    relative: largest(long.map((row) => Math.abs(errorOf(row).errorMs) / row.truth.low)),
  }
}

const heads = [
  'interval ms',
  'cuts',
  '|error| <= half-width',
  'half-width max / T',
  'without standstills',
  'cuts with one',
  'RMS / T',
  'RMS ms',
  'mean ms',
  'max ms',
  'lost x T: mean ms',
  'max error, cuts >= 1 s',
]

function cellsOf({ everyMs, rows, held, ...figures }: Figures): string[] {
  const counted = mean(rows.map(({ lost, truth }) => lost * everyMs - truth.low))
  return [
    String(everyMs),
    String(rows.length),
    percent(held / rows.length),
    (figures.widest / everyMs).toFixed(3),
    (figures.widestOfOurs / everyMs).toFixed(3),
    String(figures.stoodStill),
    (figures.rms / everyMs).toFixed(3),
    figures.rms.toFixed(2),
    figures.mean.toFixed(2),
    figures.largest.toFixed(2),
    counted.toFixed(2),
    percent(figures.relative, 2),
  ]
}

/** At 1 ms the figures are printed, and only the interval must hold. */
function judgeInterval({ everyMs, rows, held, widest, widestOfOurs, rms: deviation, relative }: Figures): void {
  const outside = rows.filter((row) => !errorOf(row).isHeld)
  judge(`G1 at ${everyMs} ms, the interval holds the truth`, outside.length === 0, `${held} of ${rows.length}`)
  for (const { truth, said, evidence } of outside.slice(0, 5)) {
    say(
      `         truth ${truth.low.toFixed(3)} ms, said ${said?.low.toFixed(3)} to ${said?.high.toFixed(3)} ms: ${evidence}`,
    )
  }
  if (everyMs < 10) return
  judge(
    `G1 at ${everyMs} ms, half-width <= 1.1 T, where the machine stood still by half of that more`,
    widestOfOurs <= 1.1 * everyMs,
    `${(widestOfOurs / everyMs).toFixed(3)} T, ${(widest / everyMs).toFixed(3)} T with standstills`,
  )
  if (rows.length >= fewestForRms)
    judge(`G1 at ${everyMs} ms, RMS <= 0.45 T`, deviation <= 0.45 * everyMs, `${(deviation / everyMs).toFixed(3)} T`)
  if (everyMs === 10 && relative >= 0)
    judge('G1 at 10 ms, cuts >= 1 s, error <= 1 %', relative <= 0.01, percent(relative, 2))
}
