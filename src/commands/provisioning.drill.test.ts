import { describe, expect, test } from 'vitest'
import { shippedLab } from './firedrill.fixture.ts'
import { useHypervisorSite } from './hypervisor.fixture.ts'

const lab = 'opnsense-single-wan'

const site = useHypervisorSite()

/** The progress lines of a whole provisioning: pool, networks, and per machine its clone, its readiness and its set-up. */
const lines = 1 + 1 + 5 + 5 + 3
const everyLine = Array.from({ length: lines }, (_, index) => index + 1)
/** The quick tier kills after every third line. */
const killedAt = process.env['FIREDRILL_TIER'] === 'full' ? everyLine : everyLine.filter((line) => line % 3 === 1)

const labUp = () => ['lab', 'up', shippedLab, '--target', site.hypervisor.targetFile]
const labDown = () => ['lab', 'down', lab, '--target', site.hypervisor.targetFile]

/** Starts `lab up` and kills it as soon as it has told so many things; resolves to what it told until then. */
async function killedAfter(count: number): Promise<string[]> {
  const run = site.place.start(labUp(), (stderr) => {
    if (stderr.split('\n').length > count) run.kill('SIGKILL')
  })
  const { stderr } = await run.done
  return stderr.trimEnd().split('\n')
}

async function expectAsBefore(): Promise<void> {
  expect(await site.hypervisor.state()).toEqual(site.before)
  expect(site.place.leftovers()).toEqual([])
}

describe('provisioning', () => {
  test('tells every step, stands, and goes without a trace', async () => {
    const { code, stderr } = await site.place.run(labUp())
    expect({ code, told: stderr.trimEnd().split('\n').length }).toEqual({ code: 0, told: lines })
    expect(await site.hypervisor.state()).not.toEqual(site.before)
    expect(await site.place.run(labDown())).toMatchObject({ code: 0, stdout: `lab ${lab} is down\n` })
    await expectAsBefore()
  })

  test.each(killedAt)('killed with -9 after its line %i: lab down leaves the hypervisor as it was', async (count) => {
    const told = await killedAfter(count)
    expect(told.length).toBeGreaterThanOrEqual(count)
    const { code, stderr } = await site.place.run(labDown())
    expect({ code, left: stderr.match(/^firedrill: .*/gm) }).toEqual({ code: 0, left: null })
    await expectAsBefore()
  })

  test('killed half-way: lab down --orphans finds it without its name', async () => {
    await killedAfter(8)
    const { code, stdout } = await site.place.run(['lab', 'down', '--orphans', '--target', site.hypervisor.targetFile])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `lab ${lab} is down\n` })
    await expectAsBefore()
  })
})
