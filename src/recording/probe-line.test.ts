import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventSchema } from '../model/event.ts'
import { probeOf } from './probe-line.ts'

const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.constant(null), fc.boolean(), fc.constant(2 ** 53))
const number = fc.oneof({ weight: 9, arbitrary: fc.double() }, { weight: 1, arbitrary: value })
const whole = fc.oneof({ weight: 9, arbitrary: fc.integer() }, { weight: 1, arbitrary: value })
const text = fc.oneof({ weight: 9, arbitrary: fc.string() }, { weight: 1, arbitrary: value })

/** Lines that are probes, or nearly so. */
const nearlyProbe = fc
  .record(
    {
      type: fc.oneof({ weight: 9, arbitrary: fc.constant('probe') }, { weight: 1, arbitrary: value }),
      atMs: number,
      stream: text,
      seq: whole,
      sentMs: number,
      receivedMs: fc.option(number),
      dueMs: number,
      reflected: whole,
      error: text,
      cause: text,
      extra: value,
    },
    { requiredKeys: ['type', 'atMs', 'stream', 'seq', 'sentMs', 'receivedMs'] },
  )
  .map((line): unknown => JSON.parse(JSON.stringify(line)))

test('a probe that is checked by hand reads exactly as the schema reads it', () => {
  let byHand = 0
  fc.assert(
    fc.property(fc.oneof(nearlyProbe, fc.jsonValue()), (data) => {
      const probe = probeOf(data)
      if (probe === null) return
      byHand += 1
      expect(eventSchema.safeParse(data)).toEqual({ success: true, data: probe })
    }),
    { numRuns: 3000 },
  )
  expect(byHand).toBeGreaterThan(100)
})

test('plain probes need no schema', () => {
  const plain = { type: 'probe', atMs: 3.5, stream: 'udp', seq: 7, sentMs: 1.25, receivedMs: null }
  const full = { ...plain, receivedMs: 2, dueMs: 1, reflected: 8, error: 'ENOBUFS', cause: 'x' }

  expect([probeOf(plain), probeOf(full)]).toEqual([plain, full])
})
