import { CustomChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { PathHop, PathLoss } from '../../model/wire-account.ts'
import { oneLine } from '../printable.ts'
import { fontFamily, palette } from './palette.ts'
import { cross, fit, path as line, rect, type Shape, text } from './shape.ts'
import { tidySvg } from './tidy-svg.ts'

const width = 1000
const margin = 60
const boxWidth = 112
const boxHeight = 40
const rowHeight = 26
const nameWidth = 74

/** The way of a stream with its captures as boxes: above them where requests were lost or waited, below where answers were. A static SVG. */
export function drawPath(path: PathLoss, label: string): string {
  const rows = { request: rowsOf(path.hops, 'request'), reply: rowsOf(path.hops, 'reply') }
  const top = 8 + rowHeight * Math.max(1, rows.request.length)
  const height = top + boxHeight + rowHeight * Math.max(1, rows.reply.length) + 14
  use([CustomChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  const children = [
    ...boxes(path, top),
    ...lane(path, rows.request, 'requests', (row) => top - rowHeight * (row + 0.5) + 3),
    ...lane(path, rows.reply, 'answers', (row) => top + boxHeight + rowHeight * (row + 1) - 2),
  ]
  chart.setOption(optionOf(children))
  const svg = chart.renderToSVGString()
  chart.dispose()
  return tidySvg(svg, label)
}

function optionOf(children: Shape[]) {
  const hidden = { type: 'value', show: false, min: 0, max: 1 }
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.ink },
    grid: { left: 0, right: 0, top: 0, bottom: 0 },
    xAxis: hidden,
    yAxis: hidden,
    series: [
      {
        type: 'custom',
        silent: true,
        clip: false,
        data: [[0, 0]],
        renderItem: () => ({ type: 'group', children }),
      },
    ],
  }
}

/** So many hops of one way get a row; those with most probes come first. */
const mostRows = 6

const rowsOf = (hops: readonly PathHop[], way: PathHop['way']): PathHop[] =>
  hops.filter((hop) => hop.way === way).slice(0, mostRows)

/** The sender, every station, the receiver. */
const placesOf = ({ stations, from, to }: PathLoss): { name: string; where: string }[] => [
  { name: from, where: 'sender' },
  ...stations.map(({ machines, network }) => ({ name: machines.join(' or '), where: `capture, ${network}` })),
  { name: to, where: 'receiver' },
]

const xOf = (place: number, { stations }: PathLoss): number =>
  margin + nameWidth + ((width - 2 * margin - nameWidth) * place) / (stations.length + 1)

function boxes(path: PathLoss, top: number): Shape[] {
  return placesOf(path).flatMap(({ name, where }, index, all) => {
    const isEnd = index === 0 || index === all.length - 1
    const box = { x: xOf(index, path) - boxWidth / 2, y: top, width: boxWidth, height: boxHeight }
    const middle = { x: box.x + boxWidth / 2, y: top + 14 }
    return [
      rect(box, { fill: isEnd ? '#ffffff' : palette.backup, stroke: palette.quiet, lineWidth: 1 }),
      text(fit(oneLine(name), boxWidth - 8), middle, { bold: true, align: 'center' }),
      text(
        fit(oneLine(where), boxWidth - 8, 10),
        { ...middle, y: top + 29 },
        { size: 10, align: 'center', fill: palette.quiet },
      ),
    ]
  })
}

function lane(path: PathLoss, rows: readonly PathHop[], name: string, yOf: (row: number) => number): Shape[] {
  const last = path.stations.length + 1
  const [left, right] = [xOf(0, path), xOf(last, path)]
  const quiet = { stroke: palette.grid, lineWidth: 2 }
  const hops = rows.flatMap((hop, index) => hopShapes(path, hop, yOf(index)))
  const idle =
    rows.length === 0
      ? [
          ...line([`M${left} ${yOf(0)}H${right}`], quiet),
          label('none lost, none late', (left + right) / 2, yOf(0), palette.quiet),
        ]
      : []
  return [text(name, { x: 4, y: yOf(0) }, { size: 11, bold: true }), ...idle, ...hops]
}

/** A request goes to the right, an answer to the left; null is the end of the way. */
function hopShapes(path: PathLoss, { way, after, before, lost, late }: PathHop, y: number): Shape[] {
  const last = path.stations.length + 1
  const ends = way === 'request' ? [after ?? -1, before ?? last - 1] : [after ?? last - 1, before ?? -1]
  const [fromX, toX] = [xOf((ends[0] ?? 0) + 1, path), xOf((ends[1] ?? 0) + 1, path)]
  const startX = way === 'request' ? xOf(0, path) : xOf(last, path)
  const colour = lost > 0 ? palette.lost : palette.late
  const words = lost > 0 ? `${lost} lost` : `${late} late`
  return [
    ...line([`M${startX.toFixed(1)} ${y}H${fromX.toFixed(1)}`], { stroke: palette.healthy, lineWidth: 2 }),
    ...line([`M${fromX.toFixed(1)} ${y}H${toX.toFixed(1)}`], { stroke: colour, lineWidth: 4, lineDash: [5, 4] }),
    ...line([cross({ x: toX, y })], { stroke: colour, lineWidth: 2 }),
    label(words, (fromX + toX) / 2, y, colour),
  ]
}

/** Just above the line that it is about. */
const label = (words: string, x: number, y: number, fill: string): Shape =>
  text(words, { x, y: y - 9 }, { size: 11, bold: true, align: 'center', fill })
