import type { Interval } from '../../../src/model/interval.ts'
import type { Echo, Wire } from './wire.ts'

/** Later than this an answer is no good one. */
const lateMs = 100
/** What is sent in the last moments of a program has no time to be answered. */
const graceMs = 1000

/** A stretch of wall time, ms. */
export interface Stretch {
  fromMs: number
  toMs: number
}

/** Time without good answers within a stretch: the sum of all windows, from send time to send time. */
export function outageOf(echoes: readonly Echo[], { fromMs, toMs }: Stretch): Interval {
  const all = echoes.toSorted((a, b) => a.sentMs - b.sentMs)
  const own = all.filter(({ sentMs }) => sentMs >= fromMs && sentMs < toMs)
  const before = all.findLast(({ sentMs }) => sentMs < fromMs)
  const sum = { low: 0, high: 0 }
  let first: number | null = null
  let lastGood = before !== undefined && isGood(before) ? before.sentMs : fromMs
  for (const [index, echo] of own.entries()) {
    if (!isGood(echo)) {
      first ??= echo.sentMs
      continue
    }
    if (first !== null) {
      sum.low += (own[index - 1]?.sentMs ?? first) - first
      sum.high += echo.sentMs - lastGood
      first = null
    }
    lastGood = echo.sentMs
  }
  if (first === null) return sum
  return { low: sum.low + (own.at(-1)?.sentMs ?? first) - first, high: sum.high + toMs - lastGood }
}

const isGood = ({ sentMs, answeredMs }: Echo): boolean => answeredMs !== null && answeredMs - sentMs <= lateMs

/** How many echoes were never answered. */
export const lostOf = (echoes: readonly Echo[]): number => {
  const lastMs = Math.max(...echoes.map(({ sentMs }) => sentMs))
  return echoes.filter(({ sentMs, answeredMs }) => answeredMs === null && sentMs < lastMs - graceMs).length
}

/** The longest time in which nothing of a dense stream arrived, less its interval. */
export function silenceOf(echoes: readonly Echo[], everyMs: number, { fromMs, toMs }: Stretch): number {
  const times = echoes.map(({ sentMs }) => sentMs).filter((atMs) => atMs >= fromMs && atMs < toMs)
  const gaps = times.toSorted((a, b) => a - b).map((atMs, index, all) => atMs - (all[index - 1] ?? atMs))
  return Math.max(0, Math.max(...gaps) - everyMs)
}

/** The echoes of one program: those to an address, of a size; of several programs the one that sent most. */
export function echoesOf({ echoes }: Wire, to: string, size: number): Echo[] {
  const groups = Map.groupBy(
    echoes.filter((echo) => echo.to === to && echo.size === size),
    ({ id }) => id,
  )
  return [...groups.values()].toSorted((a, b) => b.length - a.length)[0] ?? []
}

/** Whether a node advertised itself within a stretch. */
export const advertised = ({ adverts }: Wire, from: string, { fromMs, toMs }: Stretch): boolean =>
  adverts.some((advert) => advert.from === from && advert.atMs >= fromMs && advert.atMs < toMs)
