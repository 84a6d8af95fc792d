import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pace } from './pacer.mjs'

const clock = vi.hoisted(() => ({ nowMs: 0 }))
vi.mock('./clock.mjs', () => ({ nowMs: () => clock.nowMs }))

beforeEach(() => {
  vi.useFakeTimers()
  clock.nowMs = 0
})
afterEach(() => vi.useRealTimers())

/** Lets the given time pass on both clocks, in steps of 1 ms. */
function pass(ms: number): void {
  for (let step = 0; step < ms; step += 1) {
    clock.nowMs += 1
    vi.advanceTimersByTime(1)
  }
}

test('every slot comes once, in order, never early', () => {
  const seen: [number, number][] = []
  const stop = pace(5, 10, 10, (slot) => seen.push([slot, clock.nowMs]))
  pass(36)
  expect(seen).toEqual([
    [0, 5],
    [1, 15],
    [2, 25],
    [3, 35],
  ])
  stop()
  pass(50)
  expect(seen).toHaveLength(4)
})

test('intervals below a millisecond keep their rate', () => {
  let count = 0
  const stop = pace(0, 0.04, 200, () => (count += 1))
  pass(1000)
  stop()
  expect(count).toBeGreaterThan(24_950)
  expect(count).toBeLessThanOrEqual(25_001)
})

test('after a stall of the machine the slots that are too late are skipped, not sent in a burst', () => {
  const seen: number[] = []
  const stop = pace(10, 10, 10, (slot) => seen.push(slot))
  pass(25)
  clock.nowMs += 500
  pass(10)
  stop()
  expect(seen.slice(0, 2)).toEqual([0, 1])
  expect(seen[2]).toBeGreaterThanOrEqual(50)
  expect(seen.length).toBeLessThanOrEqual(5)
})
