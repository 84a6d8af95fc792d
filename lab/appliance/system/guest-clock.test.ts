import { expect, it } from 'vitest'
import { GuestClock } from './guest-clock.ts'

function clockAt(): { clock: GuestClock; pass: (ms: number, busyMs?: number) => void } {
  const time = { ms: 1000, busy: 0 }
  const clock = new GuestClock({ monotonicMs: () => time.ms, busyMs: () => time.busy })
  return {
    clock,
    pass: (ms, busyMs = 0) => {
      time.ms += ms
      time.busy += busyMs
    },
  }
}

it('time goes by while the machine runs', () => {
  const { clock, pass } = clockAt()
  for (let round = 0; round < 20; round += 1) {
    pass(50)
    clock.tick()
  }
  expect(clock.nowMs()).toBe(2000)
})

it('a freeze does not count, but for the tick that it began in', () => {
  const { clock, pass } = clockAt()
  pass(10_000)
  expect(clock.nowMs()).toBe(1050)
  pass(40)
  expect(clock.nowMs()).toBe(1090)
})

it('a thread that waits for a processor is not frozen', () => {
  const { clock, pass } = clockAt()
  pass(3000, 2950)
  expect(clock.nowMs()).toBe(4000)
})

it('a pause too short for a freeze counts', () => {
  const { clock, pass } = clockAt()
  pass(300)
  expect(clock.nowMs()).toBe(1300)
})
