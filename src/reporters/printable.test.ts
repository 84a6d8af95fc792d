import fc from 'fast-check'
import { expect, it } from 'vitest'
import { oneLine, printable } from './printable.ts'

const anything = fc.string({ unit: 'binary' })

it('replaces what XML 1.0 and terminals cannot take, and nothing else', () => {
  expect(printable('a\u0000b\u001B[31mc\uD800d\uFFFEe')).toBe('a\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe')
  expect(printable('Größe 𝄞 €\ttab\nline')).toBe('Größe 𝄞 €\ttab\nline')
})

it('gives line ends one form', () => {
  expect(printable('a\r\nb\rc')).toBe('a\nb\nc')
  expect(oneLine(' a \r\n\t b ')).toBe('a b')
})

it('leaves only characters of XML 1.0 for any text', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(/^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(printable(text))).toBe(true)
    }),
  )
})
