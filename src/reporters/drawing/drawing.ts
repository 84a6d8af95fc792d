import { CustomChart, type CustomSeriesOption } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Timeline } from '../../model/result.ts'
import { type Axis, secondsAxis } from './axis.ts'
import type { Band, Place } from './band.ts'
import { fontFamily, palette } from './palette.ts'
import { probeBands } from './probe-band.ts'
import { roleBand } from './role-band.ts'
import { sessionBand } from './session-band.ts'
import { type Shape, text } from './shape.ts'
import { labelRowPx, stepShades } from './step-shade.ts'
import { tidySvg } from './tidy-svg.ts'
import type { View } from './view.ts'

const width = 1000
const left = 175
const right = 14
const gap = 12
const axisPx = 40

/** One view of a timeline as a static SVG without scripts, styles or ids: probes, roles and sessions on a common axis. */
export function drawTimeline(timeline: Timeline, view: View, label: string): string {
  const axis = secondsAxis(view)
  const shown = { ...view, fromMs: view.originMs + axis.min * 1000, toMs: view.originMs + axis.max * 1000 }
  const header = labelRowPx * Math.max(timeline.steps.length, 1) + 6
  const bands = stacked(bandsOf(timeline, shown), header)
  const bottom = bands.reduce((most, { top, band }) => Math.max(most, top + band.heightPx), header + 40)
  use([CustomChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: bottom + axisPx })
  chart.setOption(optionOf(timeline, shown, bands, { axis, header, bottom }))
  const svg = chart.renderToSVGString()
  chart.dispose()
  return tidySvg(svg, label)
}

interface Stacked {
  band: Band
  top: number
}

function bandsOf(timeline: Timeline, view: View): Band[] {
  const packets = timeline.streams.filter((stream) => stream.class === 'packets')
  const sessions = timeline.streams.filter((stream) => stream.class === 'sessions')
  return [
    ...packets.flatMap((stream) => probeBands(stream, view)),
    ...(timeline.roles.length > 0 ? [roleBand(timeline.roles, view)] : []),
    ...sessions.map((stream) => sessionBand(stream, view)),
  ]
}

function stacked(bands: readonly Band[], header: number): Stacked[] {
  let top = header + 4
  return bands.map((band) => {
    const placed = { band, top }
    top += band.heightPx + gap
    return placed
  })
}

function optionOf(
  timeline: Timeline,
  view: View,
  bands: readonly Stacked[],
  { axis, header, bottom }: { axis: Axis; header: number; bottom: number },
) {
  const shade: Painter = (place) => stepShades(timeline.steps, place, view)
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.ink },
    grid: [
      { left, right, top: header, height: bottom - header },
      ...bands.map(({ band, top }) => ({ left, right, top, height: band.heightPx })),
    ],
    xAxis: [
      timeAxis(axis, view.origin),
      ...bands.map((_, index) => ({ type: 'value', ...axis, show: false, gridIndex: index + 1 })),
    ],
    yAxis: [
      { type: 'value', show: false, min: 0, max: 1 },
      ...bands.map(({ band }, index) => valueAxis(band, index + 1)),
    ],
    series: [
      painted(0, view, shade, -1),
      ...bands.map(({ band }, index) =>
        painted(index + 1, view, (place) => [...headingOf(band, place), ...band.paint(place)], 3),
      ),
    ],
  }
}

const timeAxis = (axis: Axis, origin: string) => ({
  type: 'value',
  ...axis,
  name: `seconds from ${origin}`,
  nameLocation: 'middle',
  nameGap: 24,
  nameTextStyle: { color: palette.quiet, fontSize: 11 },
  axisLabel: { color: palette.ink, fontSize: 11, formatter: (value: number) => String(Number(value.toFixed(2))) },
  axisLine: { lineStyle: { color: palette.quiet } },
  splitLine: { lineStyle: { color: palette.grid } },
})

function valueAxis({ scale }: Band, gridIndex: number) {
  const plain = {
    gridIndex,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.grid } },
  }
  const axisLabel = { color: palette.quiet, fontSize: 11 }
  return scale.kind === 'rtt'
    ? { ...plain, type: 'log', min: scale.minMs, max: scale.maxMs, axisLabel: { ...axisLabel, formatter: sayTick } }
    : {
        ...plain,
        type: 'category',
        inverse: true,
        data: scale.names,
        axisLabel: { ...axisLabel, interval: 0, width: 110, overflow: 'truncate' },
      }
}

const sayTick = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${Number(ms.toPrecision(3))} ms`)

type Painter = (place: Place) => Shape[]

/** A series with one item that paints the whole band. */
function painted(index: number, view: View, paint: Painter, z: number): CustomSeriesOption {
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

function headingOf(band: Band, place: Place): Shape[] {
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
