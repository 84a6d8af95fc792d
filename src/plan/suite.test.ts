import { expect, test } from 'vitest'
import { longestFirst, planSuite } from './suite.ts'

const scenario = (name: string, labFile: string) => ({ name, labFile })

test('scenarios of one lab stand together, in their order, each with all of its trials', () => {
  const given = [scenario('off', 'a.yaml'), scenario('cut', 'b.yaml'), scenario('cable', 'a.yaml')]
  const told = planSuite(given, 2).map((group) => group.map(({ scenario: { name }, number }) => `${name} ${number}`))
  expect(told).toEqual([
    ['off 1', 'off 2', 'cable 1', 'cable 2'],
    ['cut 1', 'cut 2'],
  ])
})

test('one scenario with one trial is a suite of one drill', () => {
  const only = scenario('off', 'a.yaml')
  expect(planSuite([only], 1)).toEqual([[{ scenario: only, number: 1, of: 1 }]])
})

test('a scenario named twice is drilled twice', () => {
  const twice = scenario('off', 'a.yaml')
  expect(planSuite([twice, twice], 1)).toHaveLength(1)
  expect(planSuite([twice, twice], 1).flat()).toHaveLength(2)
})

test('the lab whose drills are allowed most time begins first, others of equal length in their order', () => {
  const lasting = (labFile: string, ...recoverWithinMs: number[]) => {
    const steps = recoverWithinMs.map((ms) => ({ recoverWithinMs: ms, also: [{ afterMs: 100 }] }))
    return { labFile, plan: { scenario: { gate: { cleanForMs: 5000 }, steps } } }
  }
  const groups = planSuite([lasting('a', 1000), lasting('b', 1000), lasting('c', 4000, 9000), lasting('b', 2000)], 1)
  expect(longestFirst(groups).map(([first]) => first?.scenario.labFile)).toEqual(['c', 'b', 'a'])
  expect(longestFirst(planSuite([lasting('a', 1), lasting('b', 1)], 2)).map((group) => group.length)).toEqual([2, 2])
})
