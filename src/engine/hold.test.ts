import { expect, test } from 'vitest'
import { fakeLab } from './fake-lab.fixture.ts'

const atMsOf = (lab: ReturnType<typeof fakeLab>, type: string, step: string): number =>
  lab.events.find((event) => event.type === type && 'step' in event && event.step === step)?.atMs ?? Number.NaN

const heldFrom = (lab: ReturnType<typeof fakeLab>): number =>
  lab.events.find((event) => event.type === 'progress' && event.text === 'holds for 120 s')?.atMs ?? Number.NaN

test('a step that holds is over so much later than it has recovered', async () => {
  const lab = fakeLab({})
  const [first] = lab.drill.plan.steps
  if (first === undefined) throw new Error('expected a step')
  first.holdForMs = 120_000
  expect(await lab.run()).toMatchObject({ outcome: 'completed', leftToUndo: [] })
  const heldMs = atMsOf(lab, 'step-ended', first.name) - heldFrom(lab)
  expect(heldMs).toBeGreaterThanOrEqual(120_000)
  expect(heldMs).toBeLessThan(121_000)
})

test('an interruption ends the hold and heals', async () => {
  const lab = fakeLab({})
  for (const step of lab.drill.plan.steps) step.holdForMs = 1_500_000
  await lab.run({ interruptAtMs: 60_000 })
  expect([...lab.running].toSorted()).toEqual(['client', 'fw1', 'fw2', 'target'])
})
