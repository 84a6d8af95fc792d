import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import { judgeProbe, percentile, thetaOf } from './probes.ts'

const probe = (seq: number, receivedMs: number | null, error?: string): EventOf<'probe'> => ({
  type: 'probe',
  atMs: 0,
  stream: 'outside',
  seq,
  sentMs: seq * 100,
  receivedMs,
  ...(error === undefined ? {} : { error }),
})
const sameClock = { toRun: (ms: number) => ({ low: ms, high: ms }) }
const limits = { everyMs: 100, thetaMs: 50, timeoutMs: 2000 }
const sighting = (event: EventOf<'probe'>) => ({ event, laterMs: null, duplicates: 0 })
const classes = (...events: EventOf<'probe'>[]) =>
  events.map((event) => judgeProbe(sighting(event), limits, sameClock).class)

test('the delay threshold is ten times the 99th percentile, at least 50 ms and at most the time-out', () => {
  expect([thetaOf([], 2000), thetaOf([1, 2], 2000), thetaOf([1, 20], 2000), thetaOf([400], 2000)]).toEqual([
    50, 50, 200, 2000,
  ])
})

test('a percentile is the smallest value that enough others do not exceed', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index)

  expect([percentile(values, 0.99), percentile(values, 0.5), percentile(values, 0), percentile([], 0.5)]).toEqual([
    198,
    100,
    1,
    null,
  ])
})

test('a probe is ok, late, lost or unsent', () => {
  expect(classes(probe(0, 50), probe(1, 151), probe(2, null), probe(3, null, 'ENOBUFS'))).toEqual([
    'ok',
    'late',
    'lost',
    'unsent',
  ])
})

test('an answer after the time-out, or from before the question, is none', () => {
  expect(classes(probe(0, 2001), probe(1, 99))).toEqual(['lost', 'lost'])
})

test('a probe that left too long after its slot, or before it, is missed, whatever became of it', () => {
  const dueBy = (dueMs: number, everyMs: number) =>
    judgeProbe(sighting({ ...probe(1, null), dueMs }), { ...limits, everyMs }, sameClock).class

  expect([dueBy(49, 100), dueBy(51, 100), dueBy(151, 100), dueBy(94, 1), dueBy(96, 1)]).toEqual([
    'missed',
    'lost',
    'missed',
    'missed',
    'lost',
  ])
})
