import { mkdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { hostState, shippedScenario, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const limit = { timeout: 300_000 }
const suiteSchema = z.object({
  verdict: z.string(),
  trials: z.array(z.object({ scenario: z.string(), trial: z.number(), verdict: z.string(), told: z.string() })),
})

let place: Workplace
let before: string
beforeEach(() => {
  place = workplace()
  before = hostState()
})
afterEach(() => place.remove())

const mark = '/conf/mark-of-a-trial'
const quickGate = 'gate: { cleanFor: 1s, settleWithin: 90s }'

/** A step that marks the disk of fw1; it cannot be carried out where a mark is there already. Nothing takes the mark away again. */
const marking = (proof: string): string =>
  `  - { name: mark, recoverWithin: 20s, fault: { command: { on: fw1, run: 'test ! -e ${mark} && touch ${mark}', proof: '${proof}', undo: 'true', undone: 'true' } } }\n`

/** The shipped drill behind a first step that marks the disk. */
const markedDrill = (): string =>
  readFileSync(shippedScenario, 'utf8')
    .replace(/^gate: .*$/m, quickGate)
    .replace(/^steps:\n/m, (steps) => `${steps}${marking(`test -e ${mark}`)}`)

/** A drill that marks the disk and then fails, since nothing proves it. */
const brokenDrill = (): string => `scenario: broken
question: Does a drill that comes to nothing spoil the next?
red: it does
lab: opnsense-single-wan
${quickGate}
probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
steps:
${marking('false')}expect:
  - { metric: mark.lost, stream: outside, max: 0, because: a file is no fault }
`

const suiteIn = (stdout: string) => {
  const folder = /^suite: (.*)\/junit\.xml$/m.exec(stdout)?.[1] ?? 'none'
  const read = (name: string) => readFileSync(`${place.folder}/${folder}/${name}`, 'utf8')
  return { junit: read('junit.xml'), suite: suiteSchema.parse(JSON.parse(read('suite.json'))) }
}

test(
  'every trial begins from clean disks, however the one before ended, and one that fails stops none',
  limit,
  async () => {
    mkdirSync(`${place.folder}/drills`)
    place.write('drills/a-broken.yaml', brokenDrill())
    place.write('drills/b-marked.yaml', markedDrill())
    const { code, stdout, stderr } = await place.run(['run', 'drills', '--trials', '2'])
    const { suite, junit } = suiteIn(stdout)
    expect(suite.trials.map(({ scenario, trial, verdict }) => `${scenario} ${trial}: ${verdict}`)).toEqual([
      'broken 1: unknown',
      'broken 2: unknown',
      'master-power-off 1: pass',
      'master-power-off 2: pass',
    ])
    expect({ code, verdict: suite.verdict }).toEqual({ code: 2, verdict: 'unknown' })
    expect(stderr.match(/back to firedrill-clean$/gm)).toHaveLength(3)
    expect(stderr.match(/^pool firedrill-opnsense-single-wan is ours$/gm)).toHaveLength(1)
    expect(junit.match(/<testsuite name="[^"]*"/g)).toHaveLength(4)
    expect(stdout).toMatch(/^4 trials: 2 unknown, 2 pass$/m)
    expect(place.leftovers()).toEqual([])
    expect(hostState()).toBe(before)
  },
)

test('Ctrl-C between two trials ends the whole suite, and nothing is left', limit, async () => {
  const run = place.start(['run', place.write('broken.yaml', brokenDrill()), '--trials', '3'], (stderr) => {
    if (stderr.includes('back to firedrill-clean')) run.kill('SIGINT')
  })
  const { code, stdout } = await run.done
  expect({ code, verdicts: suiteIn(stdout).suite.trials.map(({ told }) => told.includes('interrupted')) }).toEqual({
    code: 130,
    verdicts: [false, true, true],
  })
  expect(place.leftovers()).toEqual([])
  expect(hostState()).toBe(before)
})
