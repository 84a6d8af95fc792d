import type { SessionTrace } from '../../model/result.ts'
import type { Place } from './band.ts'
import { palette } from './palette.ts'
import { rect, type Shape } from './shape.ts'
import type { View } from './view.ts'

const heightPx = 16
const columnPx = 2

/** Many sessions in one lane: how many of them were open at each instant, and how many of these were silent, as heights. */
export function crowdPaint(sessions: readonly SessionTrace[], y: number, place: Place, view: View): Shape[] {
  const columns = Math.max(1, Math.floor((place.right - place.left) / columnPx))
  const columnOf = (atMs: number): number => Math.floor(((atMs - view.fromMs) / (view.toMs - view.fromMs)) * columns)
  const open = tallied(sessions.flatMap(openStretch), columns, columnOf)
  const silent = tallied(sessions.flatMap(silentStretches), columns, columnOf)
  const paint = (counts: readonly number[], fill: string): Shape[] =>
    runsOf(counts.map((count) => Math.ceil((count / sessions.length) * heightPx))).map(({ from, to, value }) =>
      rect(
        {
          x: place.left + from * columnPx,
          y: y + heightPx / 2 - value,
          width: (to - from) * columnPx,
          height: value,
        },
        { fill },
      ),
    )
  return [...paint(open, palette.session), ...paint(silent, palette.stall)]
}

interface Stretch {
  fromMs: number
  toMs: number
}

const openStretch = ({ openedMs, closedMs }: SessionTrace): Stretch[] =>
  openedMs === null ? [] : [{ fromMs: openedMs, toMs: closedMs ?? Infinity }]

const silentStretches = ({ stalls, closedMs }: SessionTrace): Stretch[] =>
  stalls.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? closedMs ?? Infinity }))

/** How many stretches reach into each column. */
function tallied(stretches: readonly Stretch[], columns: number, columnOf: (atMs: number) => number): number[] {
  const changes = new Float64Array(columns + 1)
  for (const { fromMs, toMs } of stretches) {
    const from = Math.max(0, columnOf(fromMs))
    const to = Math.min(columns, columnOf(toMs) + 1)
    if (from >= to) continue
    changes[from] = (changes[from] ?? 0) + 1
    changes[to] = (changes[to] ?? 0) - 1
  }
  let count = 0
  return Array.from({ length: columns }, (_, column) => (count += changes[column] ?? 0))
}

/** Neighbouring columns of one height as one, those without height left out. */
function runsOf(values: readonly number[]): { from: number; to: number; value: number }[] {
  const runs: { from: number; to: number; value: number }[] = []
  for (const [column, value] of values.entries()) {
    const last = runs.at(-1)
    if (last !== undefined && last.to === column && last.value === value) last.to += 1
    else if (value > 0) runs.push({ from: column, to: column + 1, value })
  }
  return runs
}
