import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { shippedLab, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'
import { startEmptyHypervisor } from './hypervisor.fixture.ts'
import type { EmptyHypervisor } from './hypervisor.fixture.ts'

const lab = 'opnsense-single-wan'
let hypervisor: EmptyHypervisor
let place: Workplace
let before: object

beforeAll(async () => {
  vi.stubEnv('FIREDRILL_SECRET_CARP', 'correct-horse')
  place = workplace()
  hypervisor = await startEmptyHypervisor()
  before = await hypervisor.state()
})

afterAll(async () => {
  place.remove()
  await hypervisor.end()
  vi.unstubAllEnvs()
})

/** The progress lines of a whole provisioning: pool, networks, and per machine its clone, its readiness and its set-up. */
const lines = 1 + 1 + 5 + 5 + 3
const everyLine = Array.from({ length: lines }, (_, index) => index + 1)
/** The quick tier kills after every third line. */
const killedAt = process.env['FIREDRILL_TIER'] === 'full' ? everyLine : everyLine.filter((line) => line % 3 === 1)

const labUp = () => ['lab', 'up', shippedLab, '--target', hypervisor.targetFile]
const labDown = () => ['lab', 'down', lab, '--target', hypervisor.targetFile]

/** Starts `lab up` and kills it as soon as it has told so many things; resolves to what it told until then. */
async function killedAfter(count: number): Promise<string[]> {
  const run = place.start(labUp(), (stderr) => {
    if (stderr.split('\n').length > count) run.kill('SIGKILL')
  })
  const { stderr } = await run.done
  return stderr.trimEnd().split('\n')
}

async function expectAsBefore(): Promise<void> {
  expect(await hypervisor.state()).toEqual(before)
  expect(place.leftovers()).toEqual([])
}

describe('provisioning', () => {
  test('tells every step, stands, and goes without a trace', async () => {
    const { code, stderr } = await place.run(labUp())
    expect({ code, told: stderr.trimEnd().split('\n').length }).toEqual({ code: 0, told: lines })
    expect(await hypervisor.state()).not.toEqual(before)
    expect(await place.run(labDown())).toMatchObject({ code: 0, stdout: `lab ${lab} is down\n` })
    await expectAsBefore()
  })

  test.each(killedAt)('killed with -9 after its line %i: lab down leaves the hypervisor as it was', async (count) => {
    const told = await killedAfter(count)
    expect(told.length).toBeGreaterThanOrEqual(count)
    const { code, stderr } = await place.run(labDown())
    expect({ code, left: stderr.match(/^firedrill: .*/gm) }).toEqual({ code: 0, left: null })
    await expectAsBefore()
  })

  test('killed half-way: lab down --orphans finds it without its name', async () => {
    await killedAfter(8)
    const { code, stdout } = await place.run(['lab', 'down', '--orphans', '--target', hypervisor.targetFile])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `lab ${lab} is down\n` })
    await expectAsBefore()
  })
})
