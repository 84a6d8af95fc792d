import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { drill } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import { probesRan } from './probes-ran.ts'

/** The judgement of the packet stream of a drill whose probes name their slots, each changed by `change` (null: its slot was not used). */
function judged(change: (seq: number, runMs: number) => number | null, everyMs = 200) {
  const events = drill({ everyMs }).flatMap((event): Event[] => {
    if (event.type !== 'probe') return [event]
    const lateMs = change(event.seq, 1000 + event.seq * everyMs)
    if (lateMs === null) return []
    const receivedMs = event.receivedMs === null ? null : event.receivedMs + lateMs
    return [{ ...event, dueMs: event.sentMs, sentMs: event.sentMs + lateMs, receivedMs }]
  })
  const found = probesRan.judge(analyse(events, 'sha')).find(({ about }) => about === 'outside')
  return { verdict: found?.verdict, message: found?.message ?? '' }
}

const verdictOf = (...given: Parameters<typeof judged>) => judged(...given).verdict

test('every slot used in time is a pass that says how late the probes were', () => {
  expect(judged((seq) => (seq % 50 === 0 ? 3 : 0.05))).toEqual({
    verdict: 'pass',
    message: '146 of 146 slots used (one per 200 ms); sent late by p50 0.05 ms, p99 3 ms, at most 3 ms',
  })
})

test('one slot may be missed at any rate, two of less than 2,000 may not, whether unused or used too late', () => {
  expect(verdictOf((seq) => (seq === 60 ? null : 0))).toBe('pass')
  expect(verdictOf((seq) => (seq === 60 ? 101 : 0))).toBe('pass')
  expect(verdictOf((seq) => (seq === 60 || seq === 130 ? null : 0))).toBe('unknown')
  expect(verdictOf((seq) => (seq === 60 || seq === 130 ? 101 : 0))).toBe('unknown')
  expect(verdictOf((seq) => (seq === 60 || seq === 130 ? 99 : 0))).toBe('pass')
})

test('of many slots one in a thousand may be missed, in each part of the run by itself', () => {
  expect(verdictOf((seq) => (seq % 1600 === 50 ? null : 0), 10)).toBe('pass')
  expect(judged((_, runMs) => (runMs > 8000 && runMs < 8025 ? null : 0), 10)).toEqual({
    verdict: 'unknown',
    message:
      '903 of 905 slots used in failover (one per 10 ms), expected 99.9 %; sent late by p50 0 ms, p99 0 ms, at most 0 ms',
  })
})

test('what was missed before the clean traffic is nobody’s concern, a stream that stopped before the end is', () => {
  expect(verdictOf((_, runMs) => (runMs > 1100 && runMs < 1450 ? null : 0), 10)).toBe('pass')
  expect(verdictOf((_, runMs) => (runMs > 29_000 ? null : 0))).toBe('unknown')
})
