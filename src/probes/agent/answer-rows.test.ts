import { expect, test } from 'vitest'
import { AnswerRows } from './answer-rows.mjs'

function rowsOf(add: (rows: AnswerRows) => void): object[] {
  const told: object[] = []
  const rows = new AnswerRows('fast', (line) => told.push(line))
  add(rows)
  rows.flush()
  return told
}

test('answered probes are told together by columns, to the microsecond', () => {
  const told = rowsOf((rows) => {
    for (const seq of [3, 4])
      rows.add({
        type: 'probe',
        seq,
        dueMs: seq * 10,
        sentMs: seq * 10 + 0.00049,
        receivedMs: seq * 10 + 0.5,
        reflected: seq,
      })
  })
  expect(told).toEqual([
    {
      type: 'answers',
      stream: 'fast',
      seqs: [3, 4],
      dueMs: [30, 40],
      sentMs: [30, 40],
      receivedMs: [30.5, 40.5],
      reflected: [3, 4],
    },
  ])
})

test('what was not answered, or answered twice, or by another stream, is told apart', () => {
  const facts = [
    { type: 'probe', seq: 1, dueMs: 10, sentMs: 11, receivedMs: null } as const,
    { type: 'extra-answer', seq: 0, receivedMs: 12 } as const,
    { type: 'stale-answer', receivedMs: 13 } as const,
  ]
  const told = rowsOf((rows) => {
    for (const fact of facts) rows.add(fact)
  })
  expect(told).toEqual(facts.map((fact) => ({ ...fact, stream: 'fast' })))
})
