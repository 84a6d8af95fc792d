import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCut } from './fixture/cut.ts'
import { WindowFold, bracketOf, windowTrace } from './outage.ts'
import type { Delays, Window } from './outage.ts'
import type { Probe } from './probes.ts'

const probe = (seq: number, kind: Probe['class'], rttMs: number | null = kind === 'ok' ? 1 : null): Probe => ({
  seq,
  sentMs: seq * 200,
  runMs: seq * 200 - 50,
  rttMs,
  class: kind,
  isEvidence: true,
  boundMs: 0,
  cause: null,
  arrivalMs: rttMs === null ? null : seq * 200 + rttMs,
  latenessMs: null,
  reflected: null,
  duplicates: 0,
})

function windowsOf(probes: readonly Probe[], delays: Delays): Window[] {
  const windows: Window[] = []
  const fold = new WindowFold(delays, { bounded: (window) => windows.push(window) })
  for (const one of probes) fold.note(one)
  fold.end()
  return windows
}

const calm = { rttMs: 1, jitterMs: 0 }

test('three lost probes at 200 ms mean an outage between 0.4 s and 0.8 s', () => {
  const probes = [probe(0, 'ok'), probe(1, 'lost'), probe(2, 'lost'), probe(3, 'lost'), probe(4, 'ok')]

  expect(windowsOf(probes, calm).map((window) => windowTrace(window, calm))).toEqual([
    { firstMs: 150, lastMs: 550, goodBeforeMs: -50, goodAfterMs: 750, lowMs: 399, highMs: 801, impaired: 3, lost: 3 },
  ])
})

test('late answers are impaired but not lost', () => {
  const [window] = windowsOf([probe(0, 'ok'), probe(1, 'late', 190), probe(2, 'ok')], calm)

  expect(window).toMatchObject({ impaired: 1, lost: 0, late: 1 })
})

test('each run of impaired probes is a window of its own', () => {
  const probes = [probe(0, 'ok'), probe(1, 'lost'), probe(2, 'ok'), probe(3, 'lost'), probe(4, 'lost'), probe(5, 'ok')]

  expect(windowsOf(probes, calm).map(({ first, last }) => [first.seq, last.seq])).toEqual([
    [1, 1],
    [3, 4],
  ])
})

test('a window without a good probe before or after it has no upper bound', () => {
  const [open] = windowsOf([probe(0, 'ok'), probe(1, 'lost'), probe(2, 'lost')], calm)
  const [begun] = windowsOf([probe(0, 'lost'), probe(1, 'ok')], calm)

  expect(open && bracketOf(open, calm)).toEqual({ low: 199, high: Infinity })
  expect(begun && bracketOf(begun, calm).high).toBe(Infinity)
})

test('where delays vary, good probes that may have overtaken the window do not bound it', () => {
  const probes = [probe(0, 'ok'), probe(1, 'ok'), probe(2, 'lost'), probe(3, 'ok'), probe(4, 'ok')]
  const [window] = windowsOf(probes, { rttMs: 300, jitterMs: 250 })

  expect([window?.before?.seq, window?.after?.seq]).toEqual([0, 4])
})

test('the bracket holds the true length of any cut, whatever the interval, the delays and the jitter', () => {
  fc.assert(
    fc.property(anyCut, ({ lengthMs, probes, delays }) => {
      const windows = windowsOf(probes, delays)
      const [first, last] = [windows.at(0), windows.at(-1)]
      if (first === undefined || last === undefined) return
      const { low, high } = bracketOf({ ...first, last: last.last, after: last.after }, delays)
      expect(low).toBeLessThanOrEqual(lengthMs + 1e-6)
      expect(high).toBeGreaterThanOrEqual(lengthMs - 1e-6)
    }),
    { numRuns: 500 },
  )
})

test('answers that a stalled reflector held into the outage tell that it began later than the first probe without an answer', () => {
  const around = {
    runMs: 0,
    boundMs: 0,
    arrivalMs: null,
    latenessMs: null,
    duplicates: 0,
    isEvidence: true,
    cause: null,
  }
  const numbered = (seq: number, reflected: number | null): Probe => {
    const rttMs = reflected === null ? null : 0.2
    return { ...around, seq, sentMs: seq, rttMs, reflected, class: reflected === null ? 'lost' : 'ok' }
  }
  const window = { first: numbered(10, null), last: numbered(2786, null), after: numbered(2787, 14) }
  const delays = { rttMs: 0.3, jitterMs: 0.1 }
  expect(bracketOf({ ...window, before: numbered(9, 9) }, delays).low).toBeCloseTo(2776 - 4 - 0.3, 6)
  expect(bracketOf({ ...window, before: numbered(9, 13) }, delays).low).toBeCloseTo(2776 - 0.3, 6)
  expect(bracketOf({ ...window, after: numbered(2787, 2000), before: numbered(9, 9) }, delays).low).toBeCloseTo(
    2776 - 0.3,
    6,
  )
})
