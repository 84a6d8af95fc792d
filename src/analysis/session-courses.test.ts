import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event, EventOf } from '../model/event.ts'
import type { SessionVerdict } from '../model/result.ts'
import type { SessionFact, SessionHistory } from './session-history.ts'
import { SessionsFold } from './session-history.ts'
import type { SessionTrial } from './session-trial.ts'
import { crash } from './fixture/step.ts'
import { judgeSession } from './session-verdict.ts'

/** What truly becomes of a session at the fault (10 s; the path is down until 13 s). */
type Fate =
  | 'survives'
  | 'stalls'
  | 'is reset'
  | 'goes silent'
  | 'is repeated'
  | 'loses an echo'
  | 'gets two swapped'
  | 'times out'

const verdicts: Record<Fate, SessionVerdict> = {
  survives: 'survived',
  stalls: 'stalled',
  'is reset': 'reset',
  'goes silent': 'hung',
  'is repeated': 'corrupt',
  'loses an echo': 'corrupt',
  'gets two swapped': 'corrupt',
  'times out': 'timed-out',
}

const everyMs = 200
const outage = { fromMs: 10_000, toMs: 13_000 }
const endMs = 40_000
const sameClock = { toRun: (ms: number) => ({ low: ms, high: ms }) }
const opened: EventOf<'stream-opened'> = {
  atMs: 0,
  type: 'stream-opened',
  stream: 'held',
  kind: 'tcp-session',
  class: 'sessions',
  from: 'client',
  to: 'target',
  everyMs,
  timeoutMs: 2000,
  sessions: 1,
  settings: {},
}
const trial: SessionTrial = {
  step: { ...crash, endMs, observedUntilMs: endMs },
  fault: { fromMs: 10_000, byMs: 10_010 },
  recoveredMs: 13_010,
  recoveredFromMs: 13_000,
  outageMs: 3010,
  mostStallMs: 7020,
}

interface Course {
  fate: Fate
  phaseMs: number
  rttMs: number
  /** TCP wakes up to so much after the path. */
  lagMs: number
  /** When it is closed, where it is. */
  atMs: number
}

const fates: Fate[] = [
  'survives',
  'stalls',
  'is reset',
  'goes silent',
  'is repeated',
  'loses an echo',
  'gets two swapped',
  'times out',
]
const course: fc.Arbitrary<Course> = fc.record({
  fate: fc.constantFrom(...fates),
  phaseMs: fc.double({ min: 0, max: everyMs, noNaN: true }),
  rttMs: fc.double({ min: 0.1, max: 30, noNaN: true }),
  lagMs: fc.double({ min: 0, max: 3000, noNaN: true }),
  atMs: fc.double({ min: 13_500, max: 18_000, noNaN: true }),
})

/** The facts of a session of a known fate, in an order in which an agent can tell them. */
function factsOf({ fate, phaseMs, rttMs, lagMs, atMs }: Course): SessionFact[] {
  const wakesMs = fate === 'stalls' ? 18_500 : outage.toMs + lagMs
  const closesMs = fate === 'is reset' || fate === 'times out' ? atMs : Infinity
  const row = (type: 'messages' | 'echoes', seq: number, ms: number): SessionFact => {
    return { atMs: ms, type, stream: 'held', baseMs: ms, sessions: [0], seqs: [seq], afterMs: [0] }
  }
  const facts: SessionFact[] = [{ atMs: 1000, type: 'session-opened', stream: 'held', session: 0, openedMs: 1000 }]
  for (let seq = 0; 1000 + phaseMs + seq * everyMs < Math.min(endMs, closesMs); seq++) {
    const sentMs = 1000 + phaseMs + seq * everyMs
    const isHeldUp = sentMs + rttMs >= outage.fromMs && sentMs < wakesMs
    const backMs = (isHeldUp ? wakesMs : sentMs) + rttMs
    facts.push(row('messages', seq, sentMs))
    const isSilent = fate === 'goes silent' || closesMs !== Infinity
    if (isSilent && backMs >= outage.fromMs) continue
    if (fate === 'loses an echo' && seq === 70) continue
    const isSwapped = fate === 'gets two swapped' && (seq === 70 || seq === 71)
    facts.push(
      row(
        'echoes',
        isSwapped ? 141 - seq : seq,
        isSwapped ? 1000 + phaseMs + 71 * everyMs + rttMs + seq / 1000 : backMs,
      ),
    )
    if (fate === 'is repeated' && seq === 70) facts.push(row('echoes', seq, backMs + 0.01))
  }
  const cause = fate === 'times out' ? 'ETIMEDOUT' : 'ECONNRESET'
  if (closesMs !== Infinity)
    facts.push({ atMs: closesMs, type: 'session-closed', stream: 'held', session: 0, closedMs: closesMs, cause })
  return facts.toSorted((one: Event, other: Event) => one.atMs - other.atMs)
}

test('whatever becomes of a session, and at whatever phase, it is judged as just that', () => {
  fc.assert(
    fc.property(course, (given) => {
      const [history] = folded([given])
      expect(history === undefined ? null : verdictOf(history)).toBe(verdicts[given.fate])
    }),
    { numRuns: 2000 },
  )
})

test('of a corrupt session no silence is told that nobody listened to', () => {
  fc.assert(
    fc.property(course, (given) => {
      const [history] = folded([{ ...given, fate: 'is repeated' }])
      expect(history?.stalls.every(({ toMs }) => toMs !== null)).toBe(true)
      expect(history?.courses[0]?.silence?.toMs).not.toBeNull()
    }),
    { numRuns: 100 },
  )
})

test('what becomes of one session changes nothing about the others', () => {
  fc.assert(
    fc.property(fc.array(course, { minLength: 1, maxLength: 40 }), (given) => {
      expect(folded(given).map(verdictOf)).toEqual(given.map(({ fate }) => verdicts[fate]))
    }),
    { numRuns: 50 },
  )
})

test('what is kept of a session does not grow with its messages', () => {
  const fold = new SessionsFold(opened, sameClock, [trial])
  fold.note({ atMs: 0, type: 'session-opened', stream: 'held', session: 0, openedMs: 0 })
  for (let seq = 0; seq < 200_000; seq++) {
    const row = { atMs: seq, stream: 'held', baseMs: seq * everyMs, sessions: [0], seqs: [seq] }
    fold.note({ ...row, type: 'messages', afterMs: [0] })
    fold.note({ ...row, type: 'echoes', afterMs: [seq % 3 === 0 ? 1000 + seq / 1e6 : 1] })
  }
  const [history] = fold.end()

  expect(history?.messages).toBe(200_000)
  expect(history?.stalls).toHaveLength(100)
  expect(JSON.stringify(history).length).toBeLessThan(8000)
})

/** The sessions of one stream, their facts mixed in the order of time. */
function folded(courses: readonly Course[]): SessionHistory[] {
  const fold = new SessionsFold({ ...opened, sessions: courses.length }, sameClock, [trial])
  const facts = courses.flatMap((given, session) => factsOf(given).map((fact) => ofSession(fact, session)))
  for (const fact of facts.toSorted((one, other) => one.atMs - other.atMs)) fold.note(fact)
  return fold.end()
}

const ofSession = (fact: SessionFact, session: number): SessionFact =>
  'sessions' in fact ? { ...fact, sessions: [session] } : { ...fact, session }

function verdictOf(history: SessionHistory): SessionVerdict | null {
  const [only] = history.courses
  return only === undefined ? null : judgeSession(history, only).verdict
}
