import { expect, test } from 'vitest'
import { leastShare } from './confidence.ts'

test.each([
  [3, 3, 0.368],
  [5, 5, 0.549],
  [10, 10, 0.741],
  [59, 59, 0.95],
  [299, 299, 0.99],
  [9, 10, 0.606],
  [19, 20, 0.784],
  [92, 93, 0.95],
  [0, 5, 0],
])('%i of %i leave at least %f possible', (successes, trials, share) => {
  expect(leastShare(successes, trials)).toBeCloseTo(share, 3)
})
