import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sha512Crypt } from './sha512-crypt.ts'

test.each([
  ['Hello world!', 'saltstring'],
  ['x', 'abcdefghijklmnop'],
  ['a much longer secret than the digest of sixty-four bytes, to make every loop of the algorithm turn', 'Q'],
  ['pässwörd', '0.1/'],
])('the hash of %j is the one that openssl makes', (password, salt) => {
  const theirs = execFileSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], { input: `${password}\n` })
  expect(sha512Crypt(password, salt)).toBe(theirs.toString().trim())
})
