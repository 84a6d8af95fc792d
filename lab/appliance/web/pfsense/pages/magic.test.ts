import { expect, it } from 'vitest'
import { createMagic } from './magic.ts'

it('a form is good for its own session and two hours', () => {
  let now = 1_700_000_000
  const { make, isValid } = createMagic(() => now)
  const magic = make('a')
  expect(magic).toMatch(/^sid:[0-9a-f]{40},1700000000$/)
  expect(isValid('a', magic)).toBe(true)
  expect(isValid('b', magic)).toBe(false)
  expect(isValid('a', magic.replace('1700000000', '1700000001'))).toBe(false)
  expect(isValid('a', '')).toBe(false)
  now += 7201
  expect(isValid('a', magic)).toBe(false)
})
