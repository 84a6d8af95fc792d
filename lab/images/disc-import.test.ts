import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { discImport } from './disc-import.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-disc-'))
  for (const name of ['disc', 'conf']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'conf/config.xml'), 'factory')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('without a disc nothing changes', () => {
  expect(boot()).toBe('')
  expect(configuration()).toBe('factory')
})

it('a disc is taken, for root only, and not again: what was changed since stays', () => {
  insert('first')
  expect(boot()).toMatch(/^configuration taken from the CD, SHA-256 [0-9a-f]{64}\n$/)
  expect(configuration()).toBe('first')
  expect(statSync(join(folder, 'conf/config.xml')).mode & 0o777).toBe(0o600)
  writeFileSync(join(folder, 'conf/config.xml'), 'changed')
  expect(boot()).toBe('')
  expect(configuration()).toBe('changed')
})

it('another disc is taken', () => {
  insert('first')
  boot()
  insert('second')
  boot()
  expect(configuration()).toBe('second')
})

it('a disc whose taking was cut short is taken at the next start', () => {
  insert('first')
  mkdirSync(join(folder, 'conf/config.xml.new'))
  expect(boot).toThrow('Command failed')
  expect(configuration()).toBe('factory')
  rmSync(join(folder, 'conf/config.xml.new'), { recursive: true })
  boot()
  expect(configuration()).toBe('first')
})

function insert(content: string): void {
  writeFileSync(join(folder, 'disc/CONFIG.XML'), content)
}

function boot(): string {
  const hook = discImport({ disc: join(folder, 'disc'), conf: join(folder, 'conf') })
  return execFileSync('sh', ['-c', hook], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

function configuration(): string {
  return readFileSync(join(folder, 'conf/config.xml'), 'utf8')
}
