import { expect, test } from 'vitest'
import { fakeLab } from './fake-lab.fixture.ts'

const withSecond = (change: Parameters<typeof fakeLab>[0] = {}) => {
  const lab = fakeLab(change)
  for (const step of lab.drill.plan.steps)
    step.also = [{ afterMs: 2000, fault: { kind: 'vm-stop', params: { on: 'fw2' } }, refs: ['fw2'] }]
  return lab
}

test('a second fault begins during the recovery from the first, and both are healed, the last one first', async () => {
  const lab = withSecond()
  expect(await lab.run()).toMatchObject({ outcome: 'completed', leftToUndo: [] })
  expect(lab.calls.filter((call) => /^(stop|start) fw/.test(call) || call === 'journal planned')).toEqual([
    'journal planned',
    'stop fw1',
    'journal planned',
    'stop fw2',
    'start fw2',
    'start fw1',
  ])
})

test('an interruption between the two heals what has begun', async () => {
  const lab = withSecond()
  await lab.run({ interruptAtMs: 9000 })
  expect([...lab.running].toSorted()).toEqual(['client', 'fw1', 'fw2', 'target'])
})
