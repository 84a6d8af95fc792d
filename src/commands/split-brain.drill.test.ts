import { expect, test } from 'vitest'
import { hostState } from './firedrill.fixture.ts'
import { drillSplits } from './split-brain.fixture.ts'

test('split brain by lost advertisements, one way and both ways: the printed interval holds the truth of the speakers, ± 150 ms at most', async () => {
  const before = hostState()
  const { splits, result, leftovers } = await drillSplits(
    'opnsense-dual-vip',
    ['one', 'both'],
    AbortSignal.timeout(240_000),
  )
  for (const { truthMs, measured } of splits) {
    const { low, high } = measured.interval ?? { low: NaN, high: NaN }
    expect(low).toBeLessThanOrEqual(truthMs)
    expect(high).toBeGreaterThanOrEqual(truthMs)
    expect((high - low) / 2).toBeLessThanOrEqual(150)
  }
  expect(
    Math.min(...splits.flatMap(({ step, truthMs }) => (step.startsWith('split') ? [truthMs] : []))),
  ).toBeGreaterThan(1000)
  expect(result.timeline.roleSources?.captures.map(({ adverts }) => adverts > 0)).not.toContain(false)
  expect(leftovers).toEqual([])
  expect(hostState()).toBe(before)
})
