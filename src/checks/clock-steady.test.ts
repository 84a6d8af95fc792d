import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { at, drill, inOrder } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import { clockSteady } from './clock-steady.ts'

const epochMs = Date.parse('2026-11-01T03:00:00.000Z')
const verdictOf = (events: readonly Event[]) => clockSteady.judge(analyse(events, 'sha')).map(({ verdict }) => verdict)
const ended = (endedAt: string) =>
  drill().map((event): Event => (event.type === 'run-ended' ? { ...event, endedAt } : event))

/** Looks at a capturing machine's wall clock every 2 s, which moves by `stepMs` at 20 s and back at 30 s. */
const looks = (stepMs: number): Event[] =>
  Array.from({ length: 19 }, (_, index): Event => {
    const sentMs = 1000 + 2000 * index
    const movedMs = sentMs > 20_000 && sentMs < 30_000 ? stepMs : 0
    const wallMs = epochMs + sentMs + 3 + movedMs
    return { type: 'wall-sync', atMs: sentMs + 8, machine: 'client', sentMs, wallMs, receivedMs: sentMs + 8 }
  })

test('wall and monotonic clock may part by 100 ms over the run, in either direction', () => {
  expect(verdictOf(drill())).toEqual(['pass'])
  expect(verdictOf(ended('2026-11-01T03:00:40.099Z'))).toEqual(['pass'])
  expect(verdictOf(ended('2026-11-01T03:00:40.101Z'))).toEqual(['unknown'])
  expect(verdictOf(ended('2026-11-01T03:00:39.899Z'))).toEqual(['unknown'])
  expect(verdictOf(ended('yesterday'))).toEqual(['unknown'])
})

test('a clock that was stepped and set back in between is found where captures needed its time', () => {
  expect(verdictOf(inOrder([...drill(), ...looks(0)]))).toEqual(['pass'])
  expect(verdictOf(inOrder([...drill(), ...looks(20)]))).toEqual(['pass'])
  expect(verdictOf(inOrder([...drill(), ...looks(50)]))).toEqual(['unknown'])
  expect(verdictOf(inOrder([...drill(), ...looks(-50)]))).toEqual(['unknown'])
})

test('events out of the order of their time, and a recording without its start or end, tell nothing of clocks', () => {
  expect(verdictOf(drill().toReversed())).toEqual(['unknown'])
  expect(verdictOf(drill().filter(({ atMs }) => atMs < at.end))).toEqual(['unknown'])
})
