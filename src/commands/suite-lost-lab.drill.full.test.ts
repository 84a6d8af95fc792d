import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostState, shippedScenario, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

let place: Workplace
let before: string
beforeEach(() => {
  place = workplace()
  before = hostState()
})
afterEach(() => place.remove())

/** The process that is the hypervisor of the lab. */
const hypervisor = (): number | null => {
  const line = place.leftovers().find((left) => left.includes('lab/embedded/main.ts'))
  return line === undefined ? null : Number(/^process (\d+)/.exec(line)?.[1])
}

test(
  'a hypervisor that dies in the first trial costs that one; the second has another lab, and nothing is left of the first',
  { timeout: 300_000 },
  async () => {
    const drill = readFileSync(shippedScenario, 'utf8').replace(
      /^gate: .*$/m,
      'gate: { cleanFor: 1s, settleWithin: 60s }',
    )
    let killed: number | null = null
    const run = place.start(['run', place.write('drill.yaml', drill), '--trials', '2'], (stderr) => {
      if (killed !== null || !stderr.includes('the pair is settled')) return
      killed = hypervisor()
      if (killed !== null) process.kill(killed, 'SIGKILL')
    })
    const { stdout, stderr, code } = await run.done
    expect(killed).not.toBeNull()
    expect(stderr).toContain('the lab cannot be brought back')
    expect(stdout).toMatch(/1 of 2 │ unknown/)
    expect(stdout).toMatch(/2 of 2 │ pass/)
    expect(code).toBe(2)
    expect(place.leftovers()).toEqual([])
    expect(hostState()).toBe(before)
  },
)
