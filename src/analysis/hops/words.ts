import type { Station } from './course.ts'
import type { Hop, Stop } from './place.ts'

/** A place as people say it: the machine, and its network where several stations are at it. */
function sayStop({ points }: Stop, stations: readonly Station[], between: 'and' | 'or' = 'and'): string {
  const names = points.map(({ machine, network }) =>
    stations.filter((station) => station.points.some((point) => point.machine === machine)).length > 1
      ? `${machine} ${network}`
      : machine,
  )
  return [...new Set(names)].join(` ${between} `)
}

/** Where a probe or its answer was lost: `request seen at client, not at fw2 lan`. */
export function sayLoss({ way, after, before }: Hop, ends: { from: string; to: string }, stations: readonly Station[]) {
  const seen = after === null ? null : sayStop(after, stations)
  const missing = before === null ? null : sayStop(before, stations, 'or')
  if (way === 'reply') return `answer seen at ${seen ?? ends.to}, not at ${missing ?? `the program on ${ends.from}`}`
  if (seen === null) return `request never seen, not even at ${missing ?? ends.from}`
  if (missing !== null) return `request seen at ${seen}, not at ${missing}`
  return seen === ends.to
    ? `request seen at ${seen}, which sent no answer`
    : `request seen at ${seen}, no answer came back to it`
}

/** Where a late probe waited longest: `request between client and fw2 lan`. */
export function sayDelay(
  { way, after, before }: Hop,
  ends: { from: string; to: string },
  stations: readonly Station[],
) {
  if (after !== null && after.station === before?.station)
    return `answer in ${sayStop(after, stations)}, since the request was seen there`
  const [first, last] = way === 'request' ? [ends.from, ends.to] : [ends.to, ends.from]
  const here = after === null ? `the program on ${first}` : sayStop(after, stations)
  const there = before === null ? `the program on ${last}` : sayStop(before, stations)
  return `${way === 'request' ? 'request' : 'answer'} between ${here} and ${there}`
}
