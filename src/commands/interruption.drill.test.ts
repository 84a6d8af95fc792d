import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostState, shippedScenario, workplace } from './firedrill.fixture.ts'
import type { Finished, Workplace } from './firedrill.fixture.ts'

const limit = { timeout: 240_000 }
/** A drill takes about 25 s; these instants fall before, into and after each of its phases. */
const instantsMs = seeded(20_261_121, 8).map((fraction) => Math.round(200 + fraction * 23_000))

let place: Workplace
beforeEach(() => {
  place = workplace()
})
afterEach(() => place.remove())

describe('Ctrl-C', () => {
  test.for(process.env['FIREDRILL_TIER'] === 'full' ? [0, 2, 4, 6] : [4])(
    'at two instants (from the %i. of 8) leaves nothing behind, and nothing is owed',
    limit,
    async (first) => {
      const before = hostState()
      const runs = await Promise.all(instantsMs.slice(first, first + 2).map((atMs) => interruptAt(atMs)))
      for (const { code, stderr } of runs)
        expect({ code, stderr: code === 130 ? '' : stderr }).toEqual({ code: 130, stderr: '' })
      expect(place.leftovers()).toEqual([])
      expect(hostState()).toBe(before)
      expect(await place.run(['recover'])).toMatchObject({ code: 0, said: 'nothing is left to undo ' })
    },
  )

  test('leaves the machine fit for a drill right after', limit, async () => {
    expect(await interruptAt(7000)).toMatchObject({ code: 130 })
    expect(await place.run(['run', shippedScenario])).toMatchObject({ code: 0 })
    expect(place.leftovers()).toEqual([])
  })
})

async function interruptAt(atMs: number): Promise<Finished> {
  const run = place.start(['run', shippedScenario])
  await delay(atMs)
  run.kill('SIGINT')
  return run.done
}

describe('kill -9 of the harness', () => {
  test.for([1500, 9000])('after %i ms takes the lab down with it', limit, async (atMs) => {
    const before = hostState()
    const run = place.start(['run', shippedScenario])
    await delay(atMs)
    expect(place.leftovers().length).toBeGreaterThan(0)
    run.kill('SIGKILL')
    await run.done
    await expect.poll(() => place.leftovers(), { timeout: 10_000, interval: 100 }).toEqual([])
    expect(hostState()).toBe(before)
  })
})

describe('two drills side by side', () => {
  test('both pass, and neither sees the other', limit, async () => {
    const runs = await Promise.all([place.run(['run', shippedScenario]), place.run(['run', shippedScenario])])
    for (const { code, said } of runs) expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' })
    expect(readFileSync(`${place.folder}/reports/latest/verdict.json`, 'utf8')).toMatch(/"verdict": "pass"/)
    expect(place.leftovers()).toEqual([])
  })
})

/** Fractions from 0 to 1 that are the same in every run of this test. */
function seeded(seed: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, index) => ((seed * (index + 1) * 2_654_435_761) % 4_294_967_296) / 4_294_967_296,
  )
}
