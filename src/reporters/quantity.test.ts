import { expect, it } from 'vitest'
import { sayInstant, sayMeasured } from './quantity.ts'

it('a value that could not be measured is never shown as a number', () => {
  expect(sayMeasured(null, 'ms')).toBe('not measurable')
  expect(sayMeasured({ low: 30_000, high: Infinity }, 'ms')).toBe('at least 30.00 s')
})

it('a short time keeps two digits that mean something', () => {
  expect(sayMeasured({ low: 0.085, high: 0.085 }, 'ms')).toBe('0.085 ms')
  expect(sayMeasured({ low: 3.42, high: 3.42 }, 'ms')).toBe('3.4 ms')
  expect(sayMeasured({ low: 120.4, high: 120.4 }, 'ms')).toBe('120 ms')
})

it('an instant is signed and a rounded zero has no minus', () => {
  expect(sayInstant(23_417, 20_000)).toBe('+3.42 s')
  expect(sayInstant(19_999, 20_000)).toBe('+0.00 s')
  expect(sayInstant(19_000, 20_000)).toBe('-1.00 s')
})
