import { expect, test } from 'vitest'
import { standstillAround } from './standstill.ts'

test('a standstill counts whole where it reaches within an interval of an edge, and not at all elsewhere', () => {
  expect(standstillAround([100, 900], 10, [[88, 91]])).toBe(3)
  expect(standstillAround([100, 900], 10, [[109, 139]])).toBe(30)
  expect(
    standstillAround([100, 900], 10, [
      [909, 911],
      [95, 96],
    ]),
  ).toBe(3)
  expect(
    standstillAround([100, 900], 10, [
      [80, 89],
      [112, 880],
    ]),
  ).toBe(0)
})

test('both processors at once stand still once', () => {
  expect(
    standstillAround([100], 10, [
      [95, 98],
      [96, 99],
      [97, 97.5],
    ]),
  ).toBe(4)
})
