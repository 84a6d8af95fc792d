import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FpingSchedule } from './fping-schedule.mjs'

const wallMs = 1_795_226_632_000
const everyMs = 200
const timeoutMs = 2000

test('the send time of an answered probe is its reply less its round trip', () => {
  const schedule = new FpingSchedule(0, everyMs, timeoutMs)
  expect(schedule.sentMs({ seq: 0, atMs: wallMs + 1.5, rttMs: 0.5 })).toBeCloseTo(wallMs + 1, 3)
})

test('the send time of a probe without an answer lies between its slot and its time-out, at most half their distance off', () => {
  const lateness = fc.double({ min: 0, max: 20, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), lateness, lateness, (seq, sendLate, timerLate) => {
      const schedule = new FpingSchedule(0, everyMs, timeoutMs)
      schedule.sentMs({ seq: 0, atMs: wallMs + 0.05, rttMs: 0.05 })
      const sent = wallMs + seq * everyMs + sendLate
      const stamp = schedule.sentMs({ seq, atMs: sent + timeoutMs + timerLate, rttMs: null })
      expect(Math.abs(stamp - sent)).toBeLessThanOrEqual((sendLate + timerLate) / 2 + 0.01)
    }),
  )
})

test('a coarse round trip never puts a send before its slot', () => {
  const schedule = new FpingSchedule(0, everyMs, timeoutMs)
  schedule.sentMs({ seq: 0, atMs: wallMs, rttMs: 0 })
  expect(schedule.sentMs({ seq: 1, atMs: wallMs + 1433.6, rttMs: 1234 })).toBe(wallMs + everyMs)
})

test('a probe more than half an interval late is missed, a punctual one is not', () => {
  const schedule = new FpingSchedule(wallMs, everyMs, timeoutMs)
  expect(schedule.isMissed(3, wallMs + 3 * everyMs + 99)).toBe(false)
  expect(schedule.isMissed(3, wallMs + 3 * everyMs + 101)).toBe(true)
})

test('a probe is resolved when its time-out is over', () => {
  const schedule = new FpingSchedule(wallMs, everyMs, timeoutMs)
  expect(schedule.lastSeqBy(wallMs + 4.5 * everyMs)).toBe(4)
  expect(schedule.lastResolvedBy(wallMs + timeoutMs + 4.5 * everyMs)).toBe(3)
})
