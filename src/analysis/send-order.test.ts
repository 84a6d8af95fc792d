import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import type { Sighting } from './probes.ts'
import { SendOrder } from './send-order.ts'

const probe = (seq: number, receivedMs: number | null = null): EventOf<'probe'> => ({
  type: 'probe',
  atMs: 0,
  stream: 'udp',
  seq,
  sentMs: seq * 10,
  receivedMs,
})
const extra = (seq: number, receivedMs: number): EventOf<'extra-answer'> => ({
  type: 'extra-answer',
  atMs: 0,
  stream: 'udp',
  seq,
  receivedMs,
})

const opened: EventOf<'stream-opened'> = {
  type: 'stream-opened',
  atMs: 0,
  stream: 'udp',
  kind: 'udp',
  class: 'packets',
  from: 'client',
  to: 'target',
  everyMs: 10,
  timeoutMs: 2000,
  sessions: 0,
  settings: {},
}

function ordered(note: (order: SendOrder) => void): { told: Sighting[]; disordered: number } {
  const told: Sighting[] = []
  const order = new SendOrder(opened, (sighting) => told.push(sighting))
  note(order)
  order.end()
  return { told, disordered: order.disordered }
}

test('probes come in the order of their sending, however they were recorded within their time', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2000, noNaN: true }), { maxLength: 2000 }), (delays) => {
      const recorded = delays.map((delayMs, seq) => ({ seq, atMs: seq * 10 + delayMs }))
      const { told, disordered } = ordered((order) => {
        for (const { seq } of recorded.toSorted((one, other) => one.atMs - other.atMs)) order.probe(probe(seq))
      })

      expect(told.map(({ event }) => event.seq)).toEqual([...delays.keys()])
      expect(disordered).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('only the first word on a probe counts', () => {
  const { told } = ordered((order) => {
    for (const one of [probe(1), probe(1, 11), probe(0, 1), probe(0)]) order.probe(one)
  })

  expect(told.map(({ event }) => event.receivedMs)).toEqual([1, null])
})

test('a second answer is a duplicate, and one to a lost probe is when it came after all', () => {
  const { told } = ordered((order) => {
    order.probe(probe(0, 1))
    order.probe(probe(1))
    for (const one of [extra(0, 5), extra(0, 6), extra(1, 2500), extra(1, 2600)]) order.extraAnswer(one)
    expect(order.extraAnswer(extra(7, 1))).toBe(false)
  })

  expect(told.map(({ laterMs, duplicates }) => [laterMs, duplicates])).toEqual([
    [null, 2],
    [2500, 0],
  ])
})

test('a probe whose place is long gone is counted, not put elsewhere', () => {
  const { told, disordered } = ordered((order) => {
    for (let seq = 1; seq < 3000; seq++) order.probe(probe(seq))
    order.probe(probe(0))
  })

  expect([told.length, told[0]?.event.seq, disordered]).toEqual([2999, 1, 1])
})
