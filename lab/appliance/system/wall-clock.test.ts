import { expect, it } from 'vitest'
import { startWallClock } from './wall-clock.ts'

it('a step moves the clock and its boot by the same, and leaves uptime alone', () => {
  const clock = startWallClock('/nonexistent')
  const [bootMs, uptime] = [clock.bootedAt().getTime(), clock.uptimeSeconds()]
  clock.set(new Date(clock.now().getTime() + 300_000))
  expect(Math.abs(clock.now().getTime() - Date.now() - 300_000)).toBeLessThan(50)
  expect(Math.abs(clock.bootedAt().getTime() - bootMs - 300_000)).toBeLessThan(50)
  expect(clock.uptimeSeconds() - uptime).toBeLessThan(5)
  expect(clock.bootedAt()).toEqual(clock.bootedAt())
})
