import { expect, test } from 'vitest'
import { planSuite } from './suite.ts'

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
