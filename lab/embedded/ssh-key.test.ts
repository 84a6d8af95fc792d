import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSshKey } from './ssh-key.ts'

test('ssh-keygen reads the private key and derives the same public key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-key-'))
  try {
    const { privateKey, publicKey } = createSshKey()
    writeFileSync(join(folder, 'key'), privateKey, { mode: 0o600 })
    const derived = execFileSync('ssh-keygen', ['-y', '-f', join(folder, 'key')], { encoding: 'utf8' })
    expect(derived.trim()).toBe(publicKey)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('two keys differ', () => {
  expect(createSshKey().publicKey).not.toBe(createSshKey().publicKey)
})
