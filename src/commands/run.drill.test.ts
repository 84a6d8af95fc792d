import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { hostState, shippedScenario, workplace } from './firedrill.fixture.ts'

const verdictSchema = z.object({
  verdict: z.string(),
  measurements: z.array(
    z.object({
      step: z.string(),
      metric: z.string(),
      interval: z.object({ low: z.number(), high: z.number() }).nullable(),
    }),
  ),
})

const place = workplace()
afterAll(() => place.remove())

describe('the drill of the README', () => {
  test(
    'passes, measures a takeover within the limit of CARP, and leaves nothing behind',
    { timeout: 180_000 },
    async () => {
      const before = hostState()
      const { code, said, stderr } = await place.run(['run', shippedScenario])
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      expect(said).toMatch(/PASS/)
      const { verdict, measurements } = verdictSchema.parse(JSON.parse(place.latest('verdict.json')))
      expect(verdict).toBe('pass')
      const takeover = measurements.find(({ step, metric }) => step === 'failover' && metric === 'takeover')
      expect(takeover?.interval?.high).toBeGreaterThan(2390)
      expect(takeover?.interval?.low).toBeLessThan(3410 + 500)
      expect(place.leftovers()).toEqual([])
      expect(hostState()).toBe(before)
    },
  )

  test('is judged the same again from its recording alone', async () => {
    const again = await place.run(['report', 'reports/latest'])
    expect(again.code).toBe(0)
    const first = place.latest('verdict.json')
    expect((await place.run(['report', 'reports/latest'])).code).toBe(0)
    expect(place.latest('verdict.json')).toBe(first)
  })

  test('is red by another scenario, with a limit that it does not meet', async () => {
    const limit = '  - { metric: failover.stall, stream: held, max: 500ms, because: nobody waits }\n'
    const strict = readFileSync(shippedScenario, 'utf8').replace('expect:\n', `expect:\n${limit}`)
    const { code, said } = await place.run([
      'analyze',
      'reports/latest',
      '--scenario',
      place.write('strict.yaml', strict),
    ])
    expect(code).toBe(1)
    expect(said).toMatch(/fail failover\.stall of held: .*limit at most 500 ms/)
  })

  test('is not judged by a limit that no crash takeover can meet: the arithmetic is told instead', async () => {
    const impossible = readFileSync(shippedScenario, 'utf8').replace('max: 4500ms', 'max: 500ms')
    const refused = await place.run(['analyze', 'reports/latest', '--scenario', place.write('no.yaml', impossible)])
    expect(refused).toMatchObject({ code: 64, stdout: '' })
    expect(refused.stderr).toMatch(/3 x advbase 1 \+ skew 100\/256 = 3\.39 s after the last advertisement/)
  })

  test('is unknown when the end of its recording is torn off, at whatever line', async () => {
    const lines = place.latest('run.jsonl').split('\n')
    for (const kept of [1, 0.2, 0.5, 0.8, 0.999].map((part) => Math.max(1, Math.floor(lines.length * part) - 2))) {
      const torn = place.write('torn.jsonl', lines.slice(0, kept).join('\n'))
      expect({ kept, code: (await place.run(['analyze', torn])).code }).toEqual({ kept, code: 2 })
    }
  })
})
