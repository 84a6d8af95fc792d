import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { denyStarts } from './policy.mjs'

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-policy-'))
  path = join(folder, 'policy-rc.d')
})

afterEach(() => rmSync(folder, { recursive: true }))

it('answers 101 to every start while packages are installed, and is gone afterwards', () => {
  const allow = denyStarts(path)
  expect(() => execFileSync(path, ['ssh', 'start'])).toThrow(expect.objectContaining({ status: 101 }))
  allow()
  expect(existsSync(path)).toBe(false)
})

it('puts back the policy that was there before', () => {
  writeFileSync(path, '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  denyStarts(path)()
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\nexit 0\n')
  expect(existsSync(`${path}.before-firedrill`)).toBe(false)
})

it('clears up after a set-up that was killed', () => {
  writeFileSync(path, '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  denyStarts(path)
  writeFileSync(path, readFileSync(path, 'utf8').replace(String(process.pid), '4194305'))
  denyStarts(path)()
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\nexit 0\n')
})
