import { expect, it } from 'vitest'
import type { ClassifiedProbe } from '../../model/packet-trace.ts'
import { passingResult } from '../fixture/result.ts'
import { thinned } from './thinning.ts'
import { wholeView } from './view.ts'

const { timeline } = passingResult(7)
const probes = timeline.streams[0]?.probes ?? []
const view = wholeView(timeline)
const drawn = thinned(probes, view)

it('keeps every impaired probe and its neighbours', () => {
  const isImpaired = (probe: ClassifiedProbe | undefined): boolean => probe !== undefined && probe.class !== 'ok'
  const needed = probes.filter((probe, index) => [probes[index - 1], probe, probes[index + 1]].some(isImpaired))
  expect(needed.length).toBeGreaterThan(500)
  expect(needed.every((probe) => drawn.includes(probe))).toBe(true)
})

it('keeps the slowest and the quickest answer of all', () => {
  const times = (all: readonly ClassifiedProbe[]): number[] =>
    all.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs])).toSorted((a, b) => a - b)
  expect([times(drawn).at(0), times(drawn).at(-1)]).toEqual([times(probes).at(0), times(probes).at(-1)])
})

it('draws about 4,000 of 12,000 probes, and every one where there are fewer', () => {
  expect(drawn.length).toBeLessThan(5000)
  expect(thinned(probes.slice(0, 4000), view)).toHaveLength(4000)
})
