import { expect, test } from 'vitest'
import type { Event } from '../model/event.ts'
import { factsOf } from './facts.ts'
import { observedStep } from './fixture/observed-step.ts'
import { measureRoundTrips } from './round-trips.ts'

const asked = (rttsMs: number[], sent = 20): Event => ({
  type: 'round-trips',
  atMs: 3000,
  step: 'failover',
  node: 'fw1',
  address: '192.168.254.2',
  sentMs: 1000,
  ackedMs: 3000,
  sent,
  rttsMs,
})
const measured = (...events: Event[]) => measureRoundTrips(factsOf(events), [observedStep({ startMs: 0 })])
const quick = Array.from({ length: 19 }, (_, index) => 0.1 + index / 100)

test('the 95th percentile is the 19th of 20 answers, one that took long is not', () => {
  expect(measured(asked([...quick, 40]))).toEqual([
    {
      step: 'failover',
      metric: 'syncLatency',
      stream: 'pair',
      unit: 'ms',
      interval: { low: 0.28, high: 0.28 },
      evidence: 'fw1 asked 192.168.254.2 20 times and had 20 answers, least 0.1 ms, median 0.19 ms, most 40 ms',
    },
  ])
})

test('one lost answer in twenty leaves a percentile, two leave none', () => {
  expect(measured(asked(quick))[0]?.interval).toEqual({ low: 0.28, high: 0.28 })
  expect(measured(asked(quick.slice(1)))[0]?.interval).toEqual({ low: 0.28, high: Infinity })
})

test('no answer at all has no end', () => {
  expect(measured(asked([]))[0]).toMatchObject({
    interval: { low: 0, high: Infinity },
    evidence: 'fw1 asked 192.168.254.2 20 times and had 0 answers',
  })
})

test('a step that asked nothing measures nothing', () => {
  expect(measured()).toEqual([])
})
