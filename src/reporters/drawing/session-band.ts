import type { SessionTrace, SessionVerdict, StreamTrace } from '../../model/result.ts'
import { oneLine } from '../printable.ts'
import { sayMs } from '../quantity.ts'
import { type Band, laneHeightPx, type Place } from './band.ts'
import { palette } from './palette.ts'
import { cross, hatch, path, rect, type Shape, text, textWidth } from './shape.ts'
import { crowdPaint } from './session-crowd.ts'
import { type View, within } from './view.ts'

const brokenVerdicts: readonly SessionVerdict[] = ['reset', 'hung', 'timed-out', 'corrupt', 'not-opened']

/** So many sessions of a stream all have a lane of their own. Of more, those that broke have, and where these are few the longest silent. */
const mostAlone = 8
const fewest = 4
const mostLanes = 30

/** The sessions of a stream as lanes: open, silent (hatched, with its length), closed. Of many the worst, and all others together in one lane. */
export function sessionBand(stream: StreamTrace, view: View): Band {
  const ordered = worstFirst(stream.sessions)
  const sessions = ordered.slice(0, lanesFor(ordered))
  const others = ordered.slice(sessions.length)
  const own = sessions.map(({ session }) => (ordered.length === 1 ? 'session' : `session ${session}`))
  const names = others.length === 0 ? own : [...own, `${others.length} others`]
  return {
    heading: oneLine(stream.name),
    caption: others.length > 0 ? `worst ${sessions.length} of ${ordered.length}` : oneLine(stream.kind),
    heightPx: Math.max(names.length * laneHeightPx, 30),
    scale: { kind: 'lanes', names: names.length === 0 ? [' '] : names },
    paint: (place) =>
      names.length === 0
        ? [nothing(stream, place)]
        : [
            ...sessions.flatMap((session, lane) => lanePaint(session, place.y(lane), place, view)),
            ...(others.length === 0 ? [] : crowdPaint(others, place.y(sessions.length), place, view)),
          ],
  }
}

function lanesFor(ordered: readonly SessionTrace[]): number {
  if (ordered.length <= mostAlone) return ordered.length
  return Math.min(mostLanes, Math.max(fewest, ordered.filter(isBroken).length))
}

const worstFirst = (sessions: readonly SessionTrace[]): SessionTrace[] =>
  sessions
    .map((session) => ({ session, harm: harm(session) }))
    .toSorted((left, right) => right.harm - left.harm || left.session.session - right.session.session)
    .map(({ session }) => session)

const isBroken = ({ verdicts }: SessionTrace): boolean =>
  Object.values(verdicts).some((verdict) => brokenVerdicts.includes(verdict))

function harm(session: SessionTrace): number {
  const longest = session.stalls.reduce((most, { fromMs, toMs }) => Math.max(most, (toMs ?? fromMs + 1e9) - fromMs), 0)
  return (isBroken(session) ? 1e12 : 0) + longest
}

const nothing = (stream: StreamTrace, place: Place): Shape =>
  text(
    `no session${stream.failure === null ? '' : `: ${oneLine(stream.failure)}`}`,
    { x: place.left + 10, y: place.y(0) },
    { bold: true },
  )

function lanePaint(session: SessionTrace, y: number, place: Place, view: View): Shape[] {
  if (session.openedMs === null)
    return [text('never opened', { x: place.left + 10, y }, { bold: true, fill: palette.lost })]
  const endMs = session.corruptMs ?? session.closedMs ?? view.toMs
  const open = bar(session.openedMs, endMs, y, place, view, { fill: palette.session, edge: '#86b8a3' })
  const stalls = session.stalls.flatMap(({ fromMs, toMs }) => stallBar(fromMs, toMs, endMs, y, place, view))
  return [...open, ...stalls, ...ending(session, y, place, view)]
}

function stallBar(fromMs: number, toMs: number | null, endMs: number, y: number, place: Place, view: View): Shape[] {
  const words = toMs === null ? 'silent to its end' : `silent ${sayMs(toMs - fromMs)}`
  const shapes = bar(fromMs, toMs ?? endMs, y, place, view, { fill: palette.stall, edge: '#8a5a00' }, true)
  const x = place.x(Math.min(toMs ?? endMs, view.toMs)) + 12
  const fits = shapes.length > 0 && x + textWidth(words, 10) < place.right
  return fits && toMs !== null ? [...shapes, text(words, { x: x - 7, y }, { size: 10 })] : shapes
}

function ending(session: SessionTrace, y: number, place: Place, view: View): Shape[] {
  const verdict = Object.values(session.verdicts).find((each) => brokenVerdicts.includes(each))
  const brokeMs = session.corruptMs ?? session.closedMs
  if (verdict === undefined || brokeMs === null || brokeMs < view.fromMs || brokeMs > view.toMs) return []
  const x = place.x(brokeMs)
  const words =
    session.corruptMs === undefined ? `${verdict}: ${oneLine(session.closeCause ?? 'cause unknown')}` : verdict
  return [
    ...path([cross({ x, y })], { stroke: palette.lost, lineWidth: 2.2 }),
    text(words, { x: x + 9, y }, { size: 10, bold: true, fill: palette.lost }),
  ]
}

function bar(
  fromMs: number,
  toMs: number,
  y: number,
  place: Place,
  view: View,
  look: { fill: string; edge: string },
  isHatched = false,
): Shape[] {
  const span = within(view, fromMs, toMs)
  if (span === null) return []
  const x = place.x(span.fromMs)
  const box = { x, y: y - 7, width: Math.max(place.x(span.toMs) - x, 1), height: 14 }
  return [
    rect(box, { fill: look.fill, stroke: look.edge, lineWidth: 1 }),
    ...(isHatched ? path(hatch(box), { stroke: look.edge, lineWidth: 0.8, opacity: 0.7 }) : []),
  ]
}
