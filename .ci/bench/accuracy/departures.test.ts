import { expect, test } from 'vitest'
import { paceOf } from './departures.ts'

const grid = (count: number, everyMs: number) => Array.from({ length: count }, (_, slot) => slot * everyMs)

test('a sender on its grid has kept its rate, and missed and deviated by nothing', () => {
  expect(paceOf(grid(101, 10), 10)).toEqual({
    sent: 101,
    kept: 1,
    missed: 0,
    deviation: { p50: 0, p99: 0 },
    grid: { p50: 0, p99: 0 },
  })
})

test('slots that nothing was sent for are missed', () => {
  const pace = paceOf(
    grid(101, 10).filter((_, slot) => slot < 40 || slot >= 50),
    10,
  )
  expect(pace.missed).toBe(10)
  expect(pace.kept).toBeCloseTo(0.9)
})

test('a burst after a stall of up to 5 ms makes up for its slots, and one after a longer stall does not', () => {
  const stalled = (ms: number) => grid(101, 1).map((atMs) => (atMs > 50 && atMs < 50 + ms ? 50 + ms : atMs))
  expect(paceOf(stalled(5), 1).missed).toBe(0)
  expect(paceOf(stalled(9), 1).missed).toBeGreaterThan(0)
})

test('a sender that is too slow misses slots at the rate at which it falls behind', () => {
  const pace = paceOf(grid(100, 16), 10)
  expect(pace.kept).toBeCloseTo(10 / 16)
  expect(pace.missed / (pace.missed + pace.sent)).toBeCloseTo(6 / 16, 1)
  expect(pace.deviation.p50).toBeCloseTo(6)
})
