import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import { relateClock } from './clock-relation.ts'

const sync = (sentMs: number, remoteMs: number, receivedMs: number): EventOf<'clock-sync'> => ({
  type: 'clock-sync',
  atMs: receivedMs,
  machine: 'client',
  sentMs,
  remoteMs,
  receivedMs,
})

test('without a comparison there is no relation', () => {
  expect(relateClock([])).toBeNull()
  expect(relateClock([sync(10, 5000, 9)])).toBeNull()
})

test('one comparison gives the offset to half its round trip', () => {
  expect(relateClock([sync(100, 5000, 104)])?.toRun(5000)).toEqual({ low: 100, high: 104 })
})

test('the comparison with the shortest round trip decides', () => {
  const relation = relateClock([sync(100, 5000, 180), sync(200, 5050, 200.5), sync(300, 5150, 390)])
  const { low, high } = relation?.toRun(5050) ?? { low: 0, high: 0 }

  expect([low, high]).toEqual([200, 200.5])
})

test('the bound grows with the distance to the last comparison', () => {
  const { low, high } = relateClock([sync(0, 0, 0)])?.toRun(10_000) ?? { low: 0, high: 0 }

  expect([low, high]).toEqual([9998, 10_002])
})

test('comparisons that contradict each other widen the bound to all that they say', () => {
  const relation = relateClock([sync(0, 1000, 2), sync(1000, 2500, 1002)])
  const { low, high } = relation?.toRun(1750) ?? { low: 0, high: 0 }

  expect(low).toBeLessThanOrEqual(250)
  expect(high).toBeGreaterThanOrEqual(752)
})

test('the interval holds the true instant for any round trips and any drift up to 200 ppm', () => {
  const delays = fc.record({
    there: fc.double({ min: 0, max: 50, noNaN: true }),
    back: fc.double({ min: 0, max: 50, noNaN: true }),
  })
  const syncs = fc.array(fc.tuple(fc.double({ min: 0, max: 60_000, noNaN: true }), delays), {
    minLength: 1,
    maxLength: 20,
  })
  const drift = fc.double({ min: -190e-6, max: 190e-6, noNaN: true })
  fc.assert(
    fc.property(syncs, drift, fc.double({ min: 0, max: 60_000, noNaN: true }), (all, rate, atMs) => {
      const machine = (runMs: number) => 7000 + runMs * (1 + rate)
      const relation = relateClock(
        all.map(([sentMs, { there, back }]) => sync(sentMs, machine(sentMs + there), sentMs + there + back)),
      )
      const { low, high } = relation?.toRun(machine(atMs)) ?? { low: 0, high: 0 }
      expect(low).toBeLessThanOrEqual(atMs + 1e-6)
      expect(high).toBeGreaterThanOrEqual(atMs - 1e-6)
    }),
  )
})
