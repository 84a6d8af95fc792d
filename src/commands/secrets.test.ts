import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { randomSecrets, readSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-secrets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function secretsFile(content: string, mode = 0o600): string {
  const file = join(folder, `${Math.abs(mode)}-${content.length}.yaml`)
  writeFileSync(file, content)
  chmodSync(file, mode)
  return file
}

test('the environment goes before the file, and a name without a value is left out', async () => {
  const file = secretsFile('carp: from-file\nother-one: other\n')
  const environment = { FIREDRILL_SECRET_CARP: 'from-environment' }
  expect(await readSecrets(['carp', 'other-one', 'third'], file, environment)).toEqual({
    carp: 'from-environment',
    'other-one': 'other',
  })
})

test('a file that others can read is refused with what to do', async () => {
  const file = secretsFile('carp: x\n', 0o644)
  await expect(readSecrets(['carp'], file, {})).rejects.toMatchObject({ exitCode: 64, hint: `chmod 600 ${file}` })
})

test('a file of another shape is refused without a word of its content', async () => {
  const error = await readSecrets(['carp'], secretsFile('- hunter2\n'), {}).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ exitCode: 64 })
  expect(JSON.stringify(error)).not.toContain('hunter2')
})

test('random secrets differ from lab to lab', () => {
  expect(randomSecrets(['carp'])).not.toEqual(randomSecrets(['carp']))
})
