import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Measurement } from '../model/result.ts'
import { measurePair } from './pair-measures.ts'

type Interval = NonNullable<Measurement['interval']>

const measured = (stream: string, metric: Measurement['metric'], interval: Interval | null): Measurement => ({
  step: 'failover',
  metric,
  stream,
  unit: 'ms',
  interval,
  evidence: `as ${stream} saw it`,
})
const pairOf = (...outages: [string, Interval | null][]) => {
  const all = outages.flatMap(([stream, interval]) => [
    measured(stream, 'outage', interval),
    measured(stream, 'takeover', interval),
  ])
  return Object.fromEntries(measurePair('failover', all).map((one) => [one.metric, one]))
}

test('the pair is as good as its worst stream, and the difference to its best one is told', () => {
  const { outage, takeover, asymmetry } = pairOf(
    ['lan', { low: 100, high: 300 }],
    ['wan', { low: 3200, high: 3600 }],
    ['dmz', { low: 3300, high: 3400 }],
  )

  expect(outage).toMatchObject({ stream: 'pair', interval: { low: 3300, high: 3600 } })
  expect(outage?.evidence).toBe('worst stream wan: as wan saw it')
  expect(takeover?.interval).toEqual({ low: 3300, high: 3600 })
  expect(asymmetry).toMatchObject({ interval: { low: 3000, high: 3500 }, evidence: 'longest on wan, shortest on lan' })
})

test('a stream that tells nothing leaves the maximum open above, and no difference', () => {
  const { outage, asymmetry } = pairOf(['lan', null], ['wan', { low: 3200, high: 3600 }])

  expect(outage?.interval).toEqual({ low: 3200, high: Infinity })
  expect(outage?.evidence).toContain('lan tells nothing: as lan saw it')
  expect(asymmetry?.interval).toBeNull()
})

test('one stream has nothing to differ from, and none makes no pair', () => {
  expect(pairOf(['lan', { low: 1, high: 2 }])['asymmetry']).toBeUndefined()
  expect(pairOf(['lan', null])['outage']?.interval).toBeNull()
  expect(measurePair('failover', [])).toEqual([])
})

test('maximum and difference of any true values lie in their intervals', () => {
  const value = fc.record({
    truth: fc.double({ min: 0, max: 5000, noNaN: true }),
    below: fc.double({ min: 0, max: 400, noNaN: true }),
    above: fc.double({ min: 0, max: 400, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 5 }), (values) => {
      const truths = values.map(({ truth }) => truth)
      const streams = values.map(({ truth, below, above }, index): [string, Interval] => [
        `s${index}`,
        { low: Math.max(0, truth - below), high: truth + above },
      ])
      const { outage, asymmetry } = pairOf(...streams)
      const [most, least] = [Math.max(...truths), Math.min(...truths)]

      expect(outage?.interval?.low).toBeLessThanOrEqual(most)
      expect(outage?.interval?.high).toBeGreaterThanOrEqual(most)
      expect(asymmetry?.interval?.low).toBeLessThanOrEqual(most - least)
      expect(asymmetry?.interval?.high).toBeGreaterThanOrEqual(most - least)
    }),
  )
})
