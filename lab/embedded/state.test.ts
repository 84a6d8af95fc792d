import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeState, type Target } from './state.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-state-'))
const target: Target = {
  url: 'https://127.0.0.1:1',
  fingerprint: 'AB',
  node: 'pve1',
  storage: 'local',
  bridge: 'vmbr0',
  machines: {},
}
const content = { target, token: 'root@pam!x=1', password: 'secret', privateKey: 'KEY\n' }

afterAll(() => rmSync(folder, { recursive: true }))

test('the target file names token and key, which only their owner may read', async () => {
  const state = join(folder, 'a/b')
  const { targetFile, remove } = await writeState(state, content)
  const written: unknown = JSON.parse(readFileSync(targetFile, 'utf8'))
  expect(written).toEqual({ ...target, tokenFile: join(state, 'token'), sshKeyFile: join(state, 'id_ed25519') })
  for (const name of ['token', 'id_ed25519']) expect(statSync(join(state, name)).mode & 0o777).toBe(0o600)
  expect(statSync(join(state, 'private')).mode & 0o777).toBe(0o700)
  writeFileSync(join(state, 'private/credentials'), 'secret')
  await remove()
  expect(existsSync(join(folder, 'a'))).toBe(false)
})

test("somebody else's file in the folder is left alone", async () => {
  const state = join(folder, 'c')
  const { remove } = await writeState(state, content)
  writeFileSync(join(state, 'notes'), '')
  await remove()
  expect(existsSync(join(state, 'notes'))).toBe(true)
  expect(existsSync(join(state, 'token'))).toBe(false)
})

test('files that a killed lab left are replaced', async () => {
  const state = join(folder, 'd')
  await writeState(state, content)
  const { targetFile } = await writeState(state, { ...content, target: { ...target, node: 'pve2' } })
  expect(readFileSync(targetFile, 'utf8')).toContain('pve2')
})
