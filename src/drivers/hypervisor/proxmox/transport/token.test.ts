import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HarnessError } from '../../../../model/failure.ts'
import { type Target, targetSchema } from '../../../../model/target.ts'
import { readToken } from './token.ts'

const secret = '01234567-89ab-cdef-0123-456789abcdef'
const token = `drill@pve!t1=${secret}`
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
})
afterAll(async () => await rm(folder, { recursive: true }))

const target = (names: Partial<Target>) =>
  targetSchema.parse({ url: 'https://127.0.0.1:8006', node: 'pve1', machines: {}, ...names })

async function file(content: string, mode: number): Promise<Target> {
  const path = join(folder, 'token')
  await writeFile(path, content)
  await chmod(path, mode)
  return target({ tokenFile: path })
}

test('a token comes from a file that only its owner can read', async () => {
  expect(await readToken(await file(`${token}\n`, 0o600), {})).toBe(token)
  expect(await readToken(await file(token, 0o400), {})).toBe(token)
})

test('a token comes from the environment variable that the target names', async () => {
  expect(await readToken(target({ tokenEnv: 'PVE_TOKEN' }), { PVE_TOKEN: token })).toBe(token)
})

test.each([0o640, 0o604, 0o620, 0o777])('a token file of mode %i is refused', async (mode) => {
  const refusal = await refusalOf(await file(token, mode))
  expect(refusal.message).toMatch(/readable by its owner only, came mode 0\d{3}$/)
  expect(refusal.hint).toContain('chmod 600')
})

test.each([secret, `drill@pve=${secret}`, `PVEAPIToken=${token}`, `${token}\n${token}`, ''])(
  'what is no token is refused without being repeated: %j',
  async (content) => {
    const refusal = await refusalOf(await file(content, 0o600))
    expect(refusal.exitCode).toBe(69)
    expect(`${refusal.message} ${refusal.hint}`).not.toContain('89ab')
  },
)

async function refusalOf(given: Target): Promise<HarnessError> {
  const thrown: unknown = await readToken(given, {}).catch((error: unknown) => error)
  if (thrown instanceof HarnessError) return thrown
  throw new Error(`expected a refusal, came ${String(thrown)}`)
}

test('no token, or no such file, is said plainly', async () => {
  await expect(readToken(target({}), {})).rejects.toMatchObject({ message: 'the target names no API token' })
  await expect(readToken(target({ tokenFile: '/nowhere/token' }), {})).rejects.toMatchObject({
    message: 'cannot read the token file /nowhere/token',
  })
})
