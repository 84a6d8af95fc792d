import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeInterval, sayLimit } from './limit.ts'

test.each([
  [{ low: 3200, high: 3600 }, { max: 3600 }, 'pass'],
  [{ low: 3200, high: 3600 }, { max: 3599 }, 'unknown'],
  [{ low: 3200, high: 3600 }, { max: 3200 }, 'unknown'],
  [{ low: 3200, high: 3600 }, { max: 3199 }, 'fail'],
  [{ low: 1, high: 1 }, { min: 1 }, 'pass'],
  [{ low: 0, high: 1 }, { min: 1 }, 'unknown'],
  [{ low: 0, high: 0 }, { min: 1 }, 'fail'],
  [{ low: 2, high: 3 }, { min: 1, max: 3 }, 'pass'],
  [{ low: 29_800, high: Infinity }, { max: 4500 }, 'fail'],
  [{ low: 1000, high: Infinity }, { max: 4500 }, 'unknown'],
  [{ low: 1, high: 1 }, {}, 'unknown'],
  [null, { max: 4500 }, 'unknown'],
  [{ low: Number.NaN, high: Number.NaN }, { max: 4500 }, 'unknown'],
] as const)('the interval %j against %j is %s', (interval, limit, verdict) => {
  expect(judgeInterval(interval, limit)).toBe(verdict)
})

test('the verdict is decided exactly where all values in the interval agree', () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
  fc.assert(
    fc.property(pair, pair, (ends, limits) => {
      const [low, high] = [Math.min(...ends), Math.max(...ends)]
      const [min, max] = [Math.min(...limits), Math.max(...limits)]
      const values = Array.from({ length: high - low + 1 }, (_, index) => low + index)
      const good = values.filter((truth) => truth >= min && truth <= max).length
      const expected = good === values.length ? 'pass' : good === 0 ? 'fail' : 'unknown'
      expect(judgeInterval({ low, high }, { min, max })).toBe(expected)
    }),
  )
})

test('a limit says its bounds with their unit', () => {
  expect(sayLimit({ max: 4500 }, 'ms')).toBe('at most 4.50 s')
  expect(sayLimit({ min: 1, max: 3 }, 'count')).toBe('at least 1 and at most 3')
})
