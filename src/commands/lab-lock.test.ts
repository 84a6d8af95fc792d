import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockLab } from './lab-lock.ts'

const program = `
import { lockLab } from ${JSON.stringify(join(import.meta.dirname, 'lab-lock.ts'))}
try {
  await lockLab(process.argv[1], 'two')
  console.log('locked')
  setInterval(() => {}, 1000)
} catch (error) {
  console.log(error.message)
}`

/** Another run, which locks the lab and stays. */
async function other(url: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, url])
  const said = await once(child.stdout.setEncoding('utf8'), 'data').then(([text]: unknown[]) => String(text).trim())
  return { said, child }
}

test('a lab that another run is at is refused, another lab is not, and it is free again after its end', async () => {
  const url = `https://${randomUUID()}`
  const lock = await lockLab(url, 'two')
  await expect(lockLab(url, 'two')).rejects.toThrow(
    `expected lab two to be free, process ${process.pid} has been at it`,
  )
  await (await lockLab(url, 'three')).release()
  const refused = await other(url)
  expect(refused.said).toContain('expected lab two to be free')
  await lock.release()
  await (await lockLab(url, 'two')).release()
})

test('the last lock takes its folder away', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'firedrill-lock-test-'))
  const releasing = `
import { lockLab } from ${JSON.stringify(join(import.meta.dirname, 'lab-lock.ts'))}
import { readdirSync } from 'node:fs'
const locks = [await lockLab('https://one', 'one'), await lockLab('https://two', 'two')]
await locks[0].release()
const held = readdirSync(process.env.TMPDIR).length
await locks[1].release()
console.log(held, readdirSync(process.env.TMPDIR).length)`
  const args = ['--input-type=module', '-e', releasing]
  const said = execFileSync(process.execPath, args, { env: { ...process.env, TMPDIR: temporary }, encoding: 'utf8' })
  rmSync(temporary, { recursive: true })
  expect(said.trim()).toBe('1 0')
})

test('the lock of a run that was killed is broken by one of those who want it', async () => {
  const url = `https://${randomUUID()}`
  const { said, child } = await other(url)
  expect(said).toBe('locked')
  await expect(lockLab(url, 'two')).rejects.toThrow(`process ${child.pid} has been at it`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const wanting = await Promise.allSettled(Array.from({ length: 8 }, () => lockLab(url, 'two')))
  const locks = wanting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(locks).toHaveLength(1)
  await locks[0]?.release()
})
