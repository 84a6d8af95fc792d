import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createSshKey, readPublicKey } from './ssh-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-key-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('ssh-keygen reads the key that is made, and both agree on its public half', async () => {
  const file = join(folder, 'own')
  const { privateKey, publicKey } = createSshKey()
  writeFileSync(file, privateKey, { mode: 0o600 })
  expect(execFileSync('ssh-keygen', ['-y', '-f', file]).toString().trim()).toBe(publicKey)
  expect(await readPublicKey(file)).toBe(publicKey)
})

test('a file that is no key is refused', async () => {
  const file = join(folder, 'none')
  writeFileSync(file, 'hello')
  await expect(readPublicKey(file)).rejects.toMatchObject({ exitCode: 69 })
})
