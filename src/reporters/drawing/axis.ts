import type { Band } from './band.ts'
import { palette } from './palette.ts'
import type { View } from './view.ts'

/** The ends and the step of a view's time axis, in seconds from its origin. */
export const extentOf = ({ fromMs, toMs, originMs, tickMs }: View): { min: number; max: number; interval: number } => ({
  min: (fromMs - originMs) / 1000,
  max: (toMs - originMs) / 1000,
  interval: tickMs / 1000,
})

/** The time axis that all bands share, drawn once at the bottom. */
export const timeAxis = (view: View) => ({
  type: 'value',
  ...extentOf(view),
  name: `seconds from ${view.origin}`,
  nameLocation: 'middle',
  nameGap: 24,
  nameTextStyle: { color: palette.quiet, fontSize: 11 },
  axisLabel: { color: palette.ink, fontSize: 11, formatter: (value: number) => String(Number(value.toFixed(2))) },
  axisLine: { lineStyle: { color: palette.quiet } },
  splitLine: { lineStyle: { color: palette.grid } },
})

/** A band's own axis: round-trip times on a logarithmic scale, or the names of its lanes. */
export function valueAxis({ scale }: Band, gridIndex: number) {
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
