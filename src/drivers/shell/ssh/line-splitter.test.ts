import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineSplitter } from './line-splitter.ts'

test('lines come out whole, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 9 }), (texts, size) => {
      const lines = texts.map((text) => text.replaceAll('\n', ' '))
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const got: string[] = []
      const splitter = lineSplitter((line) => got.push(line))
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size))
      splitter.end()
      expect(got).toEqual(lines)
    }),
  )
})

test('what stands after the last line end comes with the end', () => {
  const got: string[] = []
  const splitter = lineSplitter((line) => got.push(line))
  splitter.push(Buffer.from('one\ntw'))
  expect(got).toEqual(['one'])
  splitter.end()
  expect(got).toEqual(['one', 'tw'])
})
