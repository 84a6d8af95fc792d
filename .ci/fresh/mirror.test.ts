import { expect, it } from 'vitest'
import { parseMirror } from './mirror.ts'

it('takes the archive of the release, not that of its updates', () => {
  const output = [
    'http://archive.test/security/|bookworm-security|main',
    'http://archive.test/debian/|bookworm|main',
  ].join('\n')
  expect(parseMirror(output)).toBe('http://archive.test/debian/')
})

it('knows no mirror where apt knows none', () => {
  expect(parseMirror('\n')).toBeNull()
})
