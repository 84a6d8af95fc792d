import { expect, it } from 'vitest'
import type { Timeline } from '../../model/result.ts'
import { passingResult, unknownResult } from '../fixture/result.ts'
import { stepView, wholeView, within } from './view.ts'

const { timeline } = passingResult()
const step = (from: Timeline, index: number) => from.steps[index] ?? expect.fail('the fixture has two steps')

it('the whole view starts with the traffic and counts from the fault command', () => {
  expect(wholeView(timeline)).toMatchObject({ fromMs: 0, toMs: 90_000, originMs: 20_000, origin: 'the fault command' })
})

it('a step is shown from 2 s before to 3 s after its outage, on whole ticks', () => {
  expect(stepView(step(timeline, 0), timeline)).toMatchObject({ fromMs: 18_000, toMs: 27_000, originMs: 20_000 })
  expect(stepView(step(timeline, 1), timeline)).toMatchObject({
    fromMs: 61_000,
    toMs: 67_000,
    originMs: 52_000,
    tickMs: 500,
  })
})

it('a step without an outage is shown around its command', () => {
  const { timeline: silent } = unknownResult()
  expect(stepView(step(silent, 0), silent)).toMatchObject({ fromMs: 18_000, toMs: 23_000 })
})

it('what lies outside a view is cut off', () => {
  const view = wholeView(timeline)
  expect(within(view, -5, 100)).toEqual({ fromMs: 0, toMs: 100 })
  expect(within(view, 95_000, 99_000)).toBeNull()
})

it('a timeline without streams and steps still has a view', () => {
  const view = wholeView({ endMs: 0, streams: [], roles: [], steps: [] })
  expect(view.toMs).toBeGreaterThan(view.fromMs)
})
