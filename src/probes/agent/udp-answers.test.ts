import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UdpAnswers } from './udp-answers.mjs'
import { UdpRing } from './udp-ring.mjs'

const schedule = { firstMs: 1000, everyMs: 10, timeoutMs: 2000 }

/** A stream whose probes `sent` went out, each 1 ms after its slot; the other slots were not used. */
function stream(sent: number[], places = 1000) {
  const ring = new UdpRing(UdpRing.allocate(places))
  for (const seq of sent) {
    ring.note(seq, 1001 + seq * 10)
    ring.advance(seq + 1)
  }
  return { ring, answers: new UdpAnswers(ring, schedule) }
}

describe('a probe', () => {
  test('that is answered in time is told with its slot, its sending and the number of its answer', () => {
    const { answers } = stream([0, 1])
    expect(answers.answer(1, 2, 1011.5)).toEqual({
      type: 'probe',
      seq: 1,
      sentMs: 1011,
      dueMs: 1010,
      receivedMs: 1011.5,
      reflected: 2,
    })
  })

  test('is told once: what comes after its first answer is extra', () => {
    const { answers } = stream([0])
    expect(answers.answer(0, 1, 1002)).toMatchObject({ type: 'probe' })
    expect(answers.answer(0, 2, 1003)).toEqual({ type: 'extra-answer', seq: 0, receivedMs: 1003 })
    expect(answers.expire(9000)).toEqual([])
  })

  test('whose time is up is lost, and an answer after that is extra', () => {
    const { answers } = stream([0])
    expect(answers.expire(3001)).toEqual([])
    expect(answers.expire(3001.1)).toEqual([{ type: 'probe', seq: 0, sentMs: 1001, dueMs: 1000, receivedMs: null }])
    expect(answers.answer(0, 1, 3001.2)).toMatchObject({ type: 'extra-answer' })
  })

  test('that could not be sent is told at once with the reason', () => {
    const { ring, answers } = stream([0])
    ring.noteError(0, -101)
    expect(answers.expire(1002)).toMatchObject([{ seq: 0, receivedMs: null, error: 'ENETUNREACH' }])
  })

  test('that was never sent is no fact, and an answer to it is extra', () => {
    const { answers } = stream([0, 2])
    expect(answers.answer(1, 1, 1012)).toMatchObject({ type: 'extra-answer' })
    expect(answers.expire(9000).map(({ seq }) => seq)).toEqual([0, 2])
    expect(answers.isSettled).toBe(true)
  })
})

test('whatever is sent, answered, repeated and delayed, each probe that was sent is told exactly once', () => {
  const course = fc.record({
    sent: fc.uniqueArray(fc.nat(60), { maxLength: 40 }).map((seqs) => seqs.toSorted((one, other) => one - other)),
    answers: fc.array(fc.record({ seq: fc.nat(60), delayMs: fc.double({ min: 0, max: 4000, noNaN: true }) })),
  })
  fc.assert(
    fc.property(course, ({ sent, answers: given }) => {
      const { answers } = stream(sent)
      const told = new Map<number, number | null>()
      const arrivals = given.map(({ seq, delayMs }) => ({ seq, atMs: 1001 + seq * 10 + delayMs }))
      const facts = [
        ...arrivals
          .toSorted((one, other) => one.atMs - other.atMs)
          .flatMap(({ seq, atMs }) => [...answers.expire(atMs), answers.answer(seq, 1, atMs)]),
        ...answers.expire(100_000),
      ]
      for (const fact of facts) {
        if (fact.type !== 'probe') continue
        expect(told.has(fact.seq)).toBe(false)
        told.set(fact.seq, fact.receivedMs)
      }
      expect([...told.keys()].toSorted((one, other) => one - other)).toEqual(sent)
      for (const seq of sent) {
        const inTime = given.filter((one) => one.seq === seq && one.delayMs <= 2000).map(({ delayMs }) => delayMs)
        const first = inTime.length === 0 ? null : 1001 + seq * 10 + Math.min(...inTime)
        expect(told.get(seq)).toBe(first)
      }
    }),
  )
})
