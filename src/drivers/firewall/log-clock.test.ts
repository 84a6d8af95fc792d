import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureLogClock } from './log-clock.ts'

/** A node whose clock is `zeroMs` ahead and shows whole steps; a request takes `tripMs`, and is looked at after `share` of it. */
function node(zeroMs: number, resolutionMs: number, tripMs: number, share: number) {
  const time = { nowMs: 0, readings: 0 }
  const clock = {
    nowMs: () => time.nowMs,
    sleep: async (ms: number) => void (time.nowMs += ms),
  }
  const read = async () => {
    const sentMs = time.nowMs
    const trueMs = zeroMs + sentMs + tripMs * share
    time.nowMs += tripMs
    time.readings += 1
    return { wallMs: Math.floor(trueMs / resolutionMs) * resolutionMs, resolutionMs, sentMs, ackedMs: time.nowMs }
  }
  return { clock, read, time }
}

const { signal } = new AbortController()

test('a clock of whole seconds is known to about the length of a request, whatever its phase', async () => {
  const zero = fc.integer({ min: 0, max: 1e9 })
  const trip = fc.integer({ min: 2, max: 120 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(zero, trip, share, async (zeroMs, tripMs, part) => {
      const { clock, read, time } = node(zeroMs, 1000, tripMs, part)
      const relation = await measureLogClock(read, clock, signal)
      expect(Math.abs(relation.zeroMs - zeroMs)).toBeLessThanOrEqual(relation.boundMs + 1e-6)
      expect(relation.boundMs).toBeLessThanOrEqual(1.5 * tripMs)
      expect(time.readings).toBeLessThanOrEqual(14)
    }),
  )
})

test('a clock of nanoseconds takes one reading', async () => {
  const { clock, read, time } = node(5000, 1e-6, 10, 0.5)
  const { zeroMs, boundMs } = await measureLogClock(read, clock, signal)
  expect(Math.abs(zeroMs - 5000)).toBeLessThanOrEqual(boundMs)
  expect(boundMs).toBeLessThanOrEqual(5.001)
  expect(time.readings).toBe(1)
})

test('a clock that is set meanwhile is an error', async () => {
  const { clock, read } = node(0, 1000, 10, 0.5)
  let ahead = 0
  const jumping = async () => {
    const reading = await read()
    ahead += 10_000
    return { ...reading, wallMs: reading.wallMs + ahead }
  }
  await expect(measureLogClock(jumping, clock, signal)).rejects.toThrow('it was set just now')
})
