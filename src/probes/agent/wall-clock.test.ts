import { expect, test } from 'vitest'
import { wallOffset } from './wall-clock.mjs'

/** The monotonic clock is read to the microsecond, three times for each reading. */
const grainMs = 0.003

test('what separates wall and monotonic clock is the same however often it is read, within the bounds of the readings', () => {
  const readings = Array.from({ length: 200 }, () => wallOffset())
  const low = Math.max(...readings.map(({ offsetMs, widthMs }) => offsetMs - widthMs / 2))
  const high = Math.min(...readings.map(({ offsetMs, widthMs }) => offsetMs + widthMs / 2))
  expect(low - high).toBeLessThanOrEqual(grainMs)
})
