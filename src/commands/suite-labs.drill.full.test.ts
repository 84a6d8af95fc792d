import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { hostState, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const suiteSchema = z.object({
  trials: z.array(z.object({ lab: z.string(), verdict: z.string(), exitCode: z.int(), folder: z.string().nullable() })),
})

let place: Workplace
let before: string
beforeEach(() => {
  place = workplace()
  before = hostState()
})
afterEach(() => place.remove())

/** A short drill of a lab: the backup loses power, and nobody notices. */
const backupOff = (lab: string): string => `scenario: backup-off
question: Does anybody notice that the backup is gone?
red: they do
lab: ${lab}
gate: { cleanFor: 1s, settleWithin: 90s }
probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
steps:
  - { name: gone, fault: { vm-stop: { on: $backup } }, recoverWithin: 20s }
  - { name: back, heal: gone, recoverWithin: 60s }
expect:
  - { metric: gone.lost, stream: outside, max: 0, because: the master does not change }
`
const labs = ['opnsense-single-wan', 'opnsense-dual-vip', 'opnsense-no-preempt']
const stoodUp = (stderr: string) => [...stderr.matchAll(/^(\S+): \1: 1 of 3 drills$/gm)].map(([, lab]) => lab)
const read = (folder: string) =>
  suiteSchema.parse(JSON.parse(readFileSync(`${place.folder}/${folder}/suite.json`, 'utf8')))

test(
  'drills of several labs run side by side, and a suite that was interrupted is gone on with',
  { timeout: 300_000 },
  async () => {
    const files = labs.map((lab) => place.write(`${lab}.yaml`, backupOff(lab)))
    const run = place.start(['run', ...files, '--jobs', '2'], (stderr) => {
      if (/^opnsense-no-preempt: .*waiting/m.test(stderr)) run.kill('SIGINT')
    })
    const first = await run.done
    const folder = /^suite: (.*)\/junit\.xml$/m.exec(first.stdout)?.[1] ?? 'none'
    const begun = read(folder).trials.filter(({ verdict }) => verdict === 'pass')
    expect({ code: first.code, begun: stoodUp(first.stderr) }).toEqual({ code: 130, begun: labs })
    expect(begun.length).toBeGreaterThan(0)
    expect(begun.length).toBeLessThan(labs.length)

    const second = await place.run(['run', ...files, '--jobs', '2', '--resume', folder])
    const ended = read(folder).trials
    expect(second.stderr).toContain(`${begun.length} of 3 drills have ended before`)
    expect({ code: second.code, labs: ended.map(({ lab, verdict }) => `${lab}: ${verdict}`) }).toEqual({
      code: 0,
      labs: labs.map((lab) => `${lab}: pass`),
    })
    expect(ended.map(({ folder: one }) => one)).toEqual(expect.arrayContaining(begun.map(({ folder: one }) => one)))
    expect(place.leftovers()).toEqual([])
    expect(hostState()).toBe(before)
  },
)
