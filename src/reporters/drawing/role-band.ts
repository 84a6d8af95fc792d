import type { RoleTrace } from '../../model/result.ts'
import { oneLine } from '../printable.ts'
import { type Band, laneHeightPx, type Place } from './band.ts'
import { palette } from './palette.ts'
import { hatch, path, rect, type Shape, text, textWidth } from './shape.ts'
import { type View, within } from './view.ts'

type Segment = RoleTrace['segments'][number]

const looks = {
  MASTER: { fill: palette.master, ink: '#ffffff', edge: palette.master },
  BACKUP: { fill: palette.backup, ink: palette.ink, edge: '#9fb6cb' },
  INIT: { fill: palette.init, ink: palette.ink, edge: '#b98f2d' },
  UNREACHABLE: { fill: '#ffffff', ink: palette.quiet, edge: '#9aa5af' },
} as const

/** A lane per node and VHID with its CARP role over time; a node that did not answer is hatched. */
export const roleBand = (roles: readonly RoleTrace[], view: View): Band => ({
  heading: 'CARP role',
  caption: 'as each node says',
  heightPx: roles.length * laneHeightPx,
  scale: { kind: 'lanes', names: roles.map(({ node, vhid }) => `${oneLine(node)} VHID ${vhid}`) },
  paint: (place) => roles.flatMap((role, lane) => role.segments.flatMap((segment) => bar(segment, lane, place, view))),
})

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
