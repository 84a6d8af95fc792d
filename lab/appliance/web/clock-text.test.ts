import { expect, it } from 'vitest'
import { formatClock } from './clock-text.ts'

it('durations are told as pf tells them', () => {
  expect([0, 59.9, 3661, 86_400 + 7384].map(formatClock)).toEqual(['00:00:00', '00:00:59', '01:01:01', '1d02:03:04'])
})
