import { afterAll, beforeAll, expect, it } from 'vitest'
import { plantTree, type PlantedTree } from './planted-tree.ts'
import { refused, welcome } from './plants.ts'

let tree: PlantedTree

beforeAll(async () => {
  tree = await plantTree([...refused, ...welcome])
})

afterAll(() => tree.remove())

it.each(refused.map(({ rule, file }) => [rule, file]))('lint says %s to %s', (rule, file) => {
  expect(tree.rulesBrokenBy(file)).toContain(rule)
})

it.each(welcome.map(({ file }) => [file]))('lint has nothing to say to %s', (file) => {
  expect(tree.rulesBrokenBy(file)).toEqual([])
})
