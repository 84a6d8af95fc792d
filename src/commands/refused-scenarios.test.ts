import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { loadScenarios } from './loading.ts'
import { projectRoot } from './project.ts'

const scenarios = join(projectRoot, 'scenarios')
const refused = join(scenarios, 'refused')
const files = readdirSync(refused)

test('the pack is sound, and has nothing in it that is refused', async () => {
  const pack = await loadScenarios([scenarios])
  expect(pack.length).toBeGreaterThan(10)
  expect(pack.filter(({ file }) => /refused|soak/.test(file))).toEqual([])
})

test('what holds for long is sound too, and is run by the name of its folder', async () => {
  const soaks = await loadScenarios([join(scenarios, 'soak')])
  expect(soaks.length).toBeGreaterThan(0)
  for (const { plan } of soaks) {
    const holds = plan.steps.map(({ holdForMs = 0 }) => holdForMs)
    expect(Math.max(...holds)).toBeGreaterThanOrEqual(1_500_000)
  }
})

test('every drill of the pack is called as its file is, in the folder of its lab, and says why its limits are what they are', async () => {
  for (const { file, plan } of await loadScenarios([scenarios])) {
    const { scenario, lab, expect: limits } = plan.scenario
    expect(resolve(file)).toBe(join(scenarios, lab, `${scenario}.yaml`))
    for (const { because } of limits) expect(because.length).toBeGreaterThan(5)
  }
})

test.each([
  [
    'failover-test-script-as-published.yaml',
    /"pfSsh\.php playback svc stop carp" does nothing although it says so: .* use pfSsh\.php playback disablecarp,/,
  ],
])('%s is refused, with the right one named', async (file, reason) => {
  const { message, exitCode, hint } = await refusalOf(join(refused, file))
  expect(message).toMatch(reason)
  expect({ exitCode, hint }).toEqual({ exitCode: exitCodes.usage, hint: '2 mistakes; nothing was started' })
})

test('every file that is kept there is refused, by its name and by its folder', async () => {
  expect(files.length).toBeGreaterThan(0)
  for (const path of [refused, ...files.map((name) => join(refused, name))])
    expect((await refusalOf(path)).exitCode).toBe(exitCodes.usage)
})

async function refusalOf(path: string): Promise<HarnessError> {
  const thrown = await loadScenarios([path]).catch((error: unknown) => error)
  if (!(thrown instanceof HarnessError)) throw new Error(`expected ${path} to be refused`)
  return thrown
}
