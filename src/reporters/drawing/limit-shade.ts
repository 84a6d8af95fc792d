import type { TakeoverWindow } from '../../model/takeover.ts'
import type { Place } from './band.ts'
import { palette } from './palette.ts'
import { hatch, path, rect, type Shape } from './shape.ts'
import { type View, within } from './view.ts'

/** When CARP's timers allow each takeover, as a hatched stretch over all bands, with a line where it was due in this trial. */
export function limitShades(limits: readonly TakeoverWindow[], place: Place, view: View): Shape[] {
  return limits.flatMap(({ limit, due }) => {
    const span = within(view, limit.low, limit.high)
    if (span === null) return []
    const x = place.x(span.fromMs)
    const box = { x, y: place.top, width: place.x(span.toMs) - x, height: place.height }
    return [
      rect(box, { fill: palette.limit, opacity: 0.7 }),
      ...path(hatch(box, 12), { stroke: palette.limitLine, lineWidth: 0.5, opacity: 0.4 }),
      ...(due === null ? [] : dueLine((due.low + due.high) / 2, place)),
    ]
  })
}

const dueLine = (atMs: number, place: Place): Shape[] =>
  path([`M${place.x(atMs).toFixed(1)} ${place.top}v${place.height}`], { stroke: palette.limitLine, lineWidth: 2 })
