import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const main = join(import.meta.dirname, 'main.mjs')

it('says nothing and installs nothing where nothing is missing', () => {
  expect(setUp(['test'])).toEqual({ code: 0, said: '' })
})

it('looks for no Debian package where a real cluster is the target', () => {
  expect(setUp(['start'], { FIREDRILL_TARGET: 'target.json', PATH: '/nonexistent' })).toEqual({ code: 0, said: '' })
})

it('only prints what is missing when it may not install', () => {
  const { code, said } = setUp(['test'], { FIREDRILL_NO_INSTALL: '1', PATH: '/nonexistent' })
  expect(code).toBe(69)
  expect(said).toContain('set-up: missing Debian package libxml2-utils: checks junit.xml against its schema\n')
  expect(said).toContain('set-up: FIREDRILL_NO_INSTALL is set, so nothing was installed\n')
})

it('names what a machine without apt-get has to have', () => {
  const { code, said } = setUp(['test'], { PATH: '/nonexistent' })
  expect(code).toBe(69)
  expect(said).toMatch(/the embedded lab needs .*xmllint, and there is no apt-get here/)
})

it('refuses a purpose that it does not know', () => {
  expect(setUp(['dance']).code).toBe(64)
})

function setUp(args: string[], env: Record<string, string> = {}) {
  const ended = spawnSync(process.execPath, [main, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' })
  return { code: ended.status, said: ended.stdout + ended.stderr }
}
