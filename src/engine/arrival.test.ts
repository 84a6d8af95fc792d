import { expect, test } from 'vitest'
import { vmStop } from '../faults/vm-stop.ts'
import { followArrival } from './arrival.ts'
import { fakeLab } from './fake-lab.fixture.ts'

const { signal } = new AbortController()
const aim = { machines: ['fw1', 'fw2'], params: {} }

/** What is recorded of a change whose looks say one after another `told`, the last of them for ever. */
async function followed(told: (boolean | null)[]) {
  const { drill, events } = fakeLab()
  const [step] = drill.plan.steps
  if (step === undefined) throw new Error('the plan has no step')
  let looks = 0
  const arrived = () => {
    const isThere = told[Math.min(looks++, told.length - 1)] ?? null
    return Promise.resolve({ node: 'fw2', isThere })
  }
  await drill.clock.runUntil(followArrival(drill, step, { fault: { ...vmStop, arrived }, aim }, signal), 60_000)
  const seen = events.flatMap((event) => (event.type === 'config-seen' ? [event.isThere] : []))
  return { seen, forMs: drill.clock.nowMs(), withinMs: step.recoverWithinMs }
}

test('what a fault has set off is looked for until it has arrived, and each look is recorded', async () => {
  expect((await followed([false, null, false, true])).seen).toEqual([false, null, false, true])
})

test('and no longer than the step has to recover', async () => {
  const { seen, forMs, withinMs } = await followed([false])
  expect(seen).not.toContain(true)
  expect({ forMs, count: seen.length }).toEqual({ forMs: withinMs, count: withinMs / 100 })
})

test('a fault that sets off nothing is not followed', async () => {
  const { drill, events } = fakeLab()
  for (const step of drill.plan.steps) await followArrival(drill, step, { fault: vmStop, aim }, signal)
  expect(events).toEqual([])
})
