import { expect, it } from 'vitest'
import { installedNames, missingPackages } from './debian.mjs'
import { labPackages, testPackages } from './needs.mjs'

it('a package counts when dpkg has finished installing it', () => {
  const output =
    'socat installed\nconntrackd config-files\nnftables half-configured\ndpkg-query: no packages found matching x\n'
  expect(installedNames(output)).toEqual(new Set(['socat']))
})

it('names a package that dpkg does not know', async () => {
  const nonsense = { name: 'firedrill-no-such-package', command: 'firedrill-no-such-program', why: 'a test' }
  expect(await missingPackages([nonsense])).toEqual([nonsense])
})

it('every package has a reason of one short line, and is named once', () => {
  const all = [...labPackages, ...testPackages]
  for (const { why } of all) expect(why).toMatch(/^.{10,80}$/)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
})
