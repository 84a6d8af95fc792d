import { describe, expect, it } from 'vitest'
import { sayInstant, sayInterval, sayMs } from './quantity.ts'

describe('an interval for people', () => {
  it('keeps both ends in one unit', () => {
    expect(sayInterval({ low: 3200, high: 3600 }, 'ms')).toBe('3.20–3.60 s')
    expect(sayInterval({ low: 800, high: 1200 }, 'ms')).toBe('0.80–1.20 s')
    expect(sayInterval({ low: 0, high: 400 }, 'ms')).toBe('0–400 ms')
  })

  it('says an exact value once', () => {
    expect(sayInterval({ low: 17, high: 17 }, 'count')).toBe('17')
    expect(sayInterval({ low: 3600, high: 3600 }, 'ms')).toBe('3.60 s')
  })

  it('never shows a missing value or a missing end as a number', () => {
    expect(sayInterval(null, 'ms')).toBe('not measurable')
    expect(sayInterval({ low: 30_000, high: Infinity }, 'ms')).toBe('at least 30.00 s')
    expect(sayInterval({ low: 3, high: Infinity }, 'count')).toBe('at least 3')
  })
})

it('an instant is signed and a rounded zero has no minus', () => {
  expect(sayInstant(23_417, 20_000)).toBe('+3.42 s')
  expect(sayInstant(19_999, 20_000)).toBe('+0.00 s')
  expect(sayInstant(19_000, 20_000)).toBe('-1.00 s')
  expect(sayMs(85.4)).toBe('85 ms')
})
