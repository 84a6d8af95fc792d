import { expect, test } from 'vitest'
import type { Event } from '../model/event.ts'
import { measureArrivals } from './config-arrival.ts'
import { factsOf } from './facts.ts'
import { stepsOf } from './steps.ts'

const look = (atMs: number, isThere: boolean | null): Event => ({
  type: 'config-seen',
  step: 'change',
  node: 'fw2',
  atMs,
  sentMs: atMs - 10,
  ackedMs: atMs,
  isThere,
})

function measured(looks: Event[]) {
  const events: Event[] = [
    { type: 'step-started', atMs: 900, step: 'change', action: 'fault', kind: 'config-change', of: 'change' },
    { type: 'injected', atMs: 1020, step: 'change', sentMs: 1000, ackedMs: 1020, machines: ['fw1'] },
    ...looks,
  ]
  const facts = factsOf(events)
  return measureArrivals(facts, stepsOf(facts))
}

test('a change reached the peer between the last look without it and the first with it', () => {
  expect(measured([look(1100, false), look(1200, null), look(1300, true)])).toMatchObject([
    { step: 'change', metric: 'configReached', stream: 'pair', interval: { low: 70, high: 300 } },
  ])
  expect(measured([look(1100, true)])).toMatchObject([{ interval: { low: 0, high: 100 } }])
})

test('one that never did has no upper bound, and one of a peer that never told is unknown', () => {
  expect(measured([look(1100, false), look(9000, false), look(9100, null)])).toMatchObject([
    { interval: { low: 7970, high: Infinity } },
  ])
  expect(measured([look(1100, null)])).toMatchObject([{ interval: null }])
  expect(measured([])).toEqual([])
})
