import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArrivalRing } from './arrival-ring.mjs'

test('whatever one thread notes, the other takes once and in order, however the two alternate', () => {
  const arrival = fc.record({ receivedMs: fc.double({ noNaN: true }), seq: fc.nat(), reflected: fc.nat() })
  fc.assert(
    fc.property(fc.array(fc.array(arrival, { maxLength: 7 })), (bursts) => {
      const memory = ArrivalRing.allocate(8)
      const [noting, taking] = [new ArrivalRing(memory), new ArrivalRing(memory)]
      const taken = bursts.flatMap((burst) => {
        for (const { receivedMs, ...numbers } of burst) noting.note(receivedMs, numbers)
        return taking.take()
      })
      expect(taken).toEqual(bursts.flat())
    }),
  )
})

test('an answer to another stream has no number', () => {
  const ring = new ArrivalRing(ArrivalRing.allocate(8))
  ring.note(5, null)
  expect(ring.take()).toEqual([{ receivedMs: 5, seq: -1, reflected: 0 }])
})

test('more than there is place for is an error, never a loss', () => {
  const ring = new ArrivalRing(ArrivalRing.allocate(4))
  for (let seq = 0; seq < 4; seq++) ring.note(seq, { seq, reflected: seq })
  expect(() => ring.take()).toThrow('answers came faster than they could be told')
})
