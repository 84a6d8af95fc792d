import type { RoleTrace } from '../../model/result.ts'
import { oneLine } from '../printable.ts'
import { type Band, laneHeightPx, type Place } from './band.ts'
import { palette } from './palette.ts'
import { hatch, path, rect, type Shape, text, textWidth, tick } from './shape.ts'
import { type View, within } from './view.ts'

type Segment = RoleTrace['segments'][number]

const looks = {
  MASTER: { fill: palette.master, ink: '#ffffff', edge: palette.master },
  BACKUP: { fill: palette.backup, ink: palette.ink, edge: '#9fb6cb' },
  INIT: { fill: palette.init, ink: palette.ink, edge: '#b98f2d' },
  UNREACHABLE: { fill: '#ffffff', ink: palette.quiet, edge: '#9aa5af' },
} as const

/** A lane per node and VHID with its CARP role over time as polls tell it; a node that did not answer is hatched. Below, its advertisements; above, what it logged. */
export const roleBand = (roles: readonly RoleTrace[], view: View): Band => ({
  heading: 'CARP role',
  caption: roles.some(({ advertsMs = [], logged = [] }) => advertsMs.length + logged.length > 0)
    ? 'polls, adverts, logs'
    : 'as each node says',
  heightPx: roles.length * laneHeightPx,
  scale: { kind: 'lanes', names: roles.map(({ node, vhid }) => `${oneLine(node)} VHID ${vhid}`) },
  paint: (place) =>
    roles.flatMap((role, lane) => [
      ...role.segments.flatMap((segment) => bar(segment, lane, place, view)),
      ...advertMarks(role, lane, place, view),
      ...logMarks(role, lane, place, view),
    ]),
})

/** A tick for each advertisement that was captured. */
function advertMarks({ advertsMs = [] }: RoleTrace, lane: number, place: Place, view: View): Shape[] {
  const visible = advertsMs.filter((atMs) => atMs >= view.fromMs && atMs <= view.toMs)
  const marks = visible.map((atMs) => tick({ x: place.x(atMs), y: place.y(lane) + 9 }, 4))
  return path([...new Set(marks)], { stroke: palette.ink, lineWidth: 1.2 })
}

/** A bracket over the time within which each change was logged. */
function logMarks({ logged = [] }: RoleTrace, lane: number, place: Place, view: View): Shape[] {
  const y = place.y(lane) - 10
  const brackets = logged.flatMap(({ fromMs, toMs }) => {
    const span = within(view, fromMs, toMs)
    return span === null ? [] : [`M${place.x(span.fromMs).toFixed(1)} ${y}H${place.x(span.toMs).toFixed(1)}`]
  })
  return path(brackets, { stroke: palette.late, lineWidth: 2 })
}

function bar(segment: Segment, lane: number, place: Place, view: View): Shape[] {
  const span = within(view, segment.fromMs, segment.toMs)
  if (span === null) return []
  const x = place.x(span.fromMs)
  const box = { x, y: place.y(lane) - 8, width: place.x(span.toMs) - x, height: 16 }
  const look = looks[segment.state]
  const isHatched = segment.state === 'UNREACHABLE' || segment.state === 'INIT'
  const label = segment.state === 'UNREACHABLE' ? 'unreachable' : segment.state
  return [
    rect(box, { fill: look.fill, stroke: look.edge, lineWidth: 1 }),
    ...(isHatched ? path(hatch(box), { stroke: look.edge, lineWidth: 0.7, opacity: 0.6 }) : []),
    ...(box.width < textWidth(label, 10) + 8 ? [] : labelIn(box, label, look)),
  ]
}

function labelIn(
  box: { x: number; y: number; height: number },
  label: string,
  look: { fill: string; ink: string },
): Shape[] {
  const plate = { x: box.x + 4, y: box.y + 2, width: textWidth(label, 10) + 6, height: box.height - 4 }
  return [
    rect(plate, { fill: look.fill }),
    text(label, { x: box.x + 7, y: box.y + box.height / 2 }, { size: 10, bold: true, fill: look.ink }),
  ]
}
