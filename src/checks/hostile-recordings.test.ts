import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { drill } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import { verdicts } from '../model/verdict.ts'
import { judge } from './judge.ts'

const whole = drill()
const verdictOf = (events: readonly Event[]) => judge(analyse(events, 'sha')).verdict
const index = fc.nat(whole.length - 1)

test('a recording that is cut off anywhere is never a pass', () => {
  fc.assert(
    fc.property(index, (length) => {
      expect(verdictOf(whole.slice(0, length))).not.toBe('pass')
    }),
  )
})

test('a recording in another order is never a pass', () => {
  const shuffled = fc.shuffledSubarray(whole, { minLength: whole.length })
  fc.assert(
    fc.property(shuffled, (events) => {
      expect(verdictOf(events)).not.toBe('pass')
    }),
    { numRuns: 30 },
  )
})

test('any selection of events in any order is judged without an exception', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(whole), (events) => {
      expect(verdicts).toContain(verdictOf(events))
    }),
    { numRuns: 60 },
  )
})

test('a recording whose numbers are nonsense is judged without an exception', () => {
  const nonsense = fc.constantFrom(-1, 0, 1e300, -1e300, 1e9, 0.5)
  const edits = fc.array(fc.tuple(index, nonsense), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(edits, (all) => {
      const events = whole.map((event, at) => spoiled(event, all.find(([which]) => which === at)?.[1]))
      expect(verdicts).toContain(verdictOf(events))
    }),
    { numRuns: 60 },
  )
})

test('a recording without all events of one type is no pass, except where that type only informs', () => {
  const types = [...new Set(whole.map(({ type }) => type))]
  const passing = types.filter((type) => verdictOf(whole.filter((event) => event.type !== type)) === 'pass')

  expect(passing).toEqual(['versions'])
})

function spoiled(event: Event, value: number | undefined): Event {
  if (value === undefined) return event
  if (event.type === 'probe') return { ...event, sentMs: value }
  if (event.type === 'messages') return { ...event, baseMs: value, seqs: [value] }
  if (event.type === 'echoes') return { ...event, afterMs: [value], seqs: [value] }
  if (event.type === 'clock-sync') return { ...event, remoteMs: value }
  if (event.type === 'stream-opened') return { ...event, everyMs: value, timeoutMs: value }
  return { ...event, atMs: value }
}
