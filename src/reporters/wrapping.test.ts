import { expect, it } from 'vitest'
import { wrapped } from './wrapping.ts'

it('breaks at spaces so that every line fits', () => {
  expect(wrapped('one two three four', 9)).toBe('one two\nthree\nfour')
})

it('keeps a word that is longer than the line whole', () => {
  expect(wrapped('a scenarios/long/path.yaml b', 8)).toBe('a\nscenarios/long/path.yaml\nb')
})
