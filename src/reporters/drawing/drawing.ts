import { CustomChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { TakeoverWindow } from '../../model/takeover.ts'
import type { StepTrace, Timeline } from '../../model/result.ts'
import { extentOf, timeAxis, valueAxis } from './axis.ts'
import type { Band } from './band.ts'
import { limitShades } from './limit-shade.ts'
import { fontFamily, palette } from './palette.ts'
import { headingOf, type Painter, painted } from './painting.ts'
import { probeBands } from './probe-band.ts'
import { roleBand } from './role-band.ts'
import { sessionBand } from './session-band.ts'
import { labelRowPx, stepShades, stepsIn } from './step-shade.ts'
import { tidySvg } from './tidy-svg.ts'
import type { View } from './view.ts'

const width = 1000
const left = 175
const right = 14
const gap = 12
const axisPx = 40

/** One view of a timeline as a static SVG without scripts, styles or ids: probes, roles and sessions on a common axis. */
export function drawTimeline(timeline: Timeline, view: View, label: string): string {
  const steps = stepsIn(timeline.steps, view)
  const header = labelRowPx * Math.max(steps.length, 1) + 6
  const bands = stacked(bandsOf(timeline, view), header)
  const bottom = bands.reduce((most, { top, band }) => Math.max(most, top + band.heightPx), header + 40)
  use([CustomChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: bottom + axisPx })
  chart.setOption(optionOf({ steps, limits: timeline.limits ?? [] }, view, bands, { header, bottom }))
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
  { steps, limits }: { steps: readonly StepTrace[]; limits: readonly TakeoverWindow[] },
  view: View,
  bands: readonly Stacked[],
  { header, bottom }: { header: number; bottom: number },
) {
  const shade: Painter = (place) => [...stepShades(steps, place, view), ...limitShades(limits, place, view)]
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.ink },
    grid: [
      { left, right, top: header, height: bottom - header },
      ...bands.map(({ band, top }) => ({ left, right, top, height: band.heightPx })),
    ],
    xAxis: [
      timeAxis(view),
      ...bands.map((_, index) => ({ type: 'value', ...extentOf(view), show: false, gridIndex: index + 1 })),
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
