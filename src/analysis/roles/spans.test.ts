import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Span } from './spans.ts'
import { difference, intersection, lengthOf, union } from './spans.ts'

const anySpans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 })))
  .map((pairs) => pairs.map(([fromMs, length]): Span => ({ fromMs, toMs: fromMs + length })))

test('union, intersection and difference hold of every instant what they say of the stretches', () => {
  fc.assert(
    fc.property(anySpans, anySpans, (one, other) => {
      const [a, b] = [union(one), union(other)]
      for (let instant = 0.5; instant < 90; instant += 1) {
        const [inOne, inOther] = [isIn(one, instant), isIn(other, instant)]
        expect(isIn(union([...a, ...b]), instant)).toBe(inOne || inOther)
        expect(isIn(intersection(a, b), instant)).toBe(inOne && inOther)
        expect(isIn(difference(a, b), instant)).toBe(inOne && !inOther)
      }
      expect(lengthOf(intersection(a, b)) + lengthOf(difference(a, b))).toBeCloseTo(lengthOf(a), 6)
    }),
  )
})

const isIn = (spans: readonly Span[], instant: number): boolean =>
  spans.some(({ fromMs, toMs }) => instant >= fromMs && instant < toMs)
