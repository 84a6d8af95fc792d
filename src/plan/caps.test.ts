import { expect, test } from 'vitest'
import { scenario } from '../analysis/fixture/subject.ts'
import { faultCapMs, runCapMs } from './caps.ts'

const [failover, failback] = scenario.steps
const held = (holdForMs: number) =>
  scenario.steps.map((step) => (step.heal === undefined ? { ...step, holdForMs } : step))

test('a step that holds may keep its fault, and the run, for so much longer', () => {
  const steps = held(1_500_000)
  const [first = failover] = steps
  expect(failback?.heal).toBe(failover?.name)
  if (failover === undefined || first === undefined) throw new Error('expected a failover')
  expect(faultCapMs(first, steps)).toBe(faultCapMs(failover, scenario.steps) + 1_500_000)
  expect(runCapMs({ ...scenario, steps })).toBe(runCapMs(scenario) + 1_500_000)
})
