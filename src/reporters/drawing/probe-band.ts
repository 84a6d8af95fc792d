import type { ClassifiedProbe, OutageWindow } from '../../model/packet-trace.ts'
import type { StreamTrace } from '../../model/result.ts'
import { sayMeasured, sayMs } from '../quantity.ts'
import { oneLine } from '../printable.ts'
import { type Band, laneHeightPx, type Place } from './band.ts'
import { palette } from './palette.ts'
import { diamond, dot, fit, path, rect, type Shape, text, textWidth, tick } from './shape.ts'
import { thinned } from './thinning.ts'
import { type View, within } from './view.ts'

/** A packet stream: a lane with every probe that got no answer, and below it the round-trip time of every probe that got one. */
export function probeBands(stream: StreamTrace, view: View): Band[] {
  const probes = thinned(stream.probes, view)
  return [lostBand(stream, probes, view), rttBand(stream, probes)]
}

function lostBand(stream: StreamTrace, probes: readonly ClassifiedProbe[], view: View): Band {
  return {
    heading: oneLine(stream.name),
    caption: '',
    heightPx: laneHeightPx,
    scale: { kind: 'lanes', names: ['lost'] },
    paint: (place) => [...windowMarks(stream.windows, place, view), ...lostMarks(probes, place)],
  }
}

function lostMarks(probes: readonly ClassifiedProbe[], place: Place): Shape[] {
  const at = (probe: ClassifiedProbe) => ({ x: place.x(probe.atMs), y: place.y(0) })
  const of = (kind: ClassifiedProbe['class']) => probes.filter((probe) => probe.class === kind)
  return [
    ...path(
      of('lost').map((probe) => tick(at(probe), 13)),
      { stroke: palette.lost, lineWidth: 1.5 },
    ),
    ...path(
      of('unsent').map((probe) => tick(at(probe), 6)),
      { stroke: palette.quiet, lineWidth: 1.5 },
    ),
    ...path(
      of('missed').map((probe) => diamond(at(probe))),
      { fill: palette.quiet },
    ),
  ]
}

function windowMarks(windows: readonly OutageWindow[], place: Place, view: View): Shape[] {
  return windows.flatMap((window, index) => {
    const span = within(view, window.goodBeforeMs ?? window.firstMs, window.goodAfterMs ?? view.toMs)
    if (span === null) return []
    const [x, end] = [place.x(span.fromMs), place.x(span.toMs)]
    const bar = rect({ x, y: place.y(0) - 7, width: Math.max(end - x, 1), height: 14 }, { fill: palette.lostSoft })
    const next = windows[index + 1]
    const roomTo = next === undefined ? place.right : place.x(Math.min(next.firstMs, view.toMs))
    return [bar, ...windowLabel(window, end, roomTo, place.y(0))]
  })
}

function windowLabel(window: OutageWindow, end: number, roomTo: number, y: number): Shape[] {
  const length = sayMeasured({ low: window.lowMs, high: window.highMs ?? Infinity }, 'ms')
  const late = window.impaired - window.lost
  const words = `${window.lost} lost${late > 0 ? `, ${late} late` : ''}: outage ${length}`
  return end + 5 + textWidth(words, 10) > roomTo
    ? []
    : [text(words, { x: end + 5, y }, { size: 10, fill: palette.lost })]
}

function rttBand(stream: StreamTrace, probes: readonly ClassifiedProbe[]): Band {
  return {
    heading: '',
    caption: `${oneLine(stream.kind)} every ${sayMs(stream.everyMs)}`,
    heightPx: 110,
    scale: { kind: 'rtt', ...rttRange(probes, stream.thetaMs) },
    paint: (place) => [
      ...(probes.length === 0 ? [silence(stream, place)] : []),
      ...thetaLine(stream.thetaMs, place),
      ...answers(probes, place),
    ],
  }
}

function answers(probes: readonly ClassifiedProbe[], place: Place): Shape[] {
  const at = (probe: ClassifiedProbe) => ({ x: place.x(probe.atMs), y: place.y(Math.max(probe.rttMs ?? 0, 0.01)) })
  const answered = probes.filter((probe) => probe.rttMs !== null)
  return [
    ...path(
      answered.filter((probe) => probe.class === 'ok').map((probe) => dot(at(probe))),
      { stroke: palette.healthy, lineWidth: 3, lineCap: 'round' },
    ),
    ...path(
      answered.filter((probe) => probe.class === 'late').map((probe) => diamond(at(probe))),
      { fill: palette.late },
    ),
  ]
}

function thetaLine(thetaMs: number, place: Place): Shape[] {
  const y = place.y(Math.max(thetaMs, 0.01))
  return [
    ...path([`M${place.left} ${y}H${place.right}`], {
      stroke: palette.late,
      lineWidth: 1,
      lineDash: [3, 3],
    }),
    text(`late above ${sayMs(thetaMs)}`, { x: place.left + 5, y: y - 7 }, { size: 10, fill: palette.late }),
  ]
}

const silence = (stream: StreamTrace, place: Place): Shape =>
  text(
    fit(
      `no probe here${stream.failure === null ? '' : `: ${oneLine(stream.failure)}`}`,
      place.right - place.left - 20,
      12,
    ),
    {
      x: place.left + 10,
      y: place.top + place.height - 22,
    },
    { size: 12, bold: true },
  )

function rttRange(probes: readonly ClassifiedProbe[], thetaMs: number): { minMs: number; maxMs: number } {
  const times = probes.flatMap(({ rttMs }) => (rttMs === null ? [] : [Math.max(rttMs, 0.01)]))
  const lowest = times.reduce((least, time) => Math.min(least, time), Math.max(thetaMs / 10, 0.01))
  const highest = times.reduce((most, time) => Math.max(most, time), Math.max(thetaMs, 0.01) * 1.5)
  return { minMs: 10 ** Math.floor(Math.log10(lowest)), maxMs: 10 ** Math.ceil(Math.log10(highest)) }
}
