import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { fitsHash } from './sha512-crypt.ts'

it.each(['x', 'opnsense', 'pässwörd with spaces', 'a'.repeat(70)])(
  'the hash that openssl makes of %s fits it',
  (word) => {
    const hash = execFileSync('openssl', ['passwd', '-6', '-salt', 'abcdefgh12345678', '-stdin'], { input: word })
    expect(fitsHash(word, hash.toString().trim())).toBe(true)
    expect(fitsHash(`${word} `, hash.toString().trim())).toBe(false)
  },
)

it('a hash with rounds of its own, from the specification, fits', () => {
  const hash =
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.'
  expect(fitsHash('Hello world!', hash)).toBe(true)
})

it.each(['', 'x', '$6$salt$short', '$5$abc$def'])('%s is the hash of nothing', (hash) => {
  expect(fitsHash('x', hash)).toBe(false)
  expect(fitsHash('', hash)).toBe(false)
})
