import type { CustomSeriesOption } from 'echarts/charts'
import type { Band, Place } from './band.ts'
import { palette } from './palette.ts'
import { type Shape, text } from './shape.ts'
import type { View } from './view.ts'

/** Paints a band once its place is known. */
export type Painter = (place: Place) => Shape[]

/** A series with one item that paints a whole band. */
export function painted(index: number, view: View, paint: Painter, z: number): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: index,
    yAxisIndex: index,
    z,
    silent: true,
    clip: false,
    data: [[0, 0]],
    renderItem: (params, api) => ({
      type: 'group',
      children: paint(placeOf(params.coordSys, view, (point) => api.coord(point))),
    }),
  }
}

function placeOf(area: object, view: View, coord: (point: number[]) => number[]): Place {
  const [x, y, wide, height] = ['x', 'y', 'width', 'height'].map((key) => Number(Reflect.get(area, key)))
  const [originX = 0] = coord([0, 1])
  return {
    x: (atMs) => coord([(atMs - view.originMs) / 1000, 1])[0] ?? originX,
    y: (value) => coord([0, value])[1] ?? 0,
    left: x ?? 0,
    right: (x ?? 0) + (wide ?? 0),
    top: y ?? 0,
    height: height ?? 0,
  }
}

/** A band's name and what it shows, left of its axis. */
export function headingOf(band: Band, place: Place): Shape[] {
  const lines = [
    { words: band.heading, bold: true },
    { words: band.caption, bold: false },
  ].filter(({ words }) => words !== '')
  return lines.map(({ words, bold }, index) =>
    text(
      words,
      { x: 4, y: place.top + 11 + index * 14 },
      { size: bold ? 12 : 10, bold, fill: bold ? palette.ink : palette.quiet },
    ),
  )
}
