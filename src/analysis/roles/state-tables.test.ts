import { expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { stateTablesOf } from './state-tables.ts'

const sample = (ackedMs: number, inserts: number | null | undefined, node = 'fw1'): Event => ({
  type: 'sync-sample',
  atMs: ackedMs,
  node,
  sentMs: ackedMs - 10,
  ackedMs,
  hostId: 'aabbccdd',
  creatorIds: ['aabbccdd'],
  syncOk: true,
  states: 7,
  ...(inserts === undefined ? {} : { inserts }),
})
const ratesOf = (...events: Event[]) => stateTablesOf(factsOf(events)).map(({ madePerSecond }) => madePerSecond)

test('states per second are counted between the first and the last reading', () => {
  expect(stateTablesOf(factsOf([sample(1000, 100), sample(3000, 110), sample(6000, 140)]))).toEqual([
    { node: 'fw1', states: 7, madePerSecond: 8, creatorIds: ['aabbccdd'], syncOk: true },
  ])
})

test('a counter that began anew with its node is counted from there', () => {
  expect(ratesOf(sample(1000, 500), sample(20_000, 3), sample(22_000, 9))).toEqual([3])
})

test('what was not told, or read once only, has no rate', () => {
  expect(ratesOf(sample(1000, undefined), sample(9000, null))).toEqual([null])
  expect(ratesOf(sample(1000, 5))).toEqual([null])
  expect(ratesOf()).toEqual([])
})
