import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event, EventOf } from '../model/event.ts'
import type { SessionVerdict } from '../model/result.ts'
import type { SessionFact } from './session-history.ts'
import { SessionsFold } from './session-history.ts'
import type { SessionTrial } from './session-verdict.ts'
import { judgeSession } from './session-verdict.ts'

/** What truly becomes of a session at the fault (10 s; the path is down until 13 s). */
type Fate = 'survives' | 'stalls' | 'is reset' | 'goes silent' | 'is repeated' | 'loses an echo' | 'times out'

const verdicts: Record<Fate, SessionVerdict> = {
  survives: 'survived',
  stalls: 'stalled',
  'is reset': 'reset',
  'goes silent': 'hung',
  'is repeated': 'corrupt',
  'loses an echo': 'corrupt',
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
  step: {
    name: 'failover',
    action: 'fault',
    kind: 'vm-stop',
    of: 'failover',
    ref: '$master',
    machines: ['fw1'],
    startMs: 9900,
    endMs,
    injectedMs: { sent: 10_000, acked: 10_010 },
    effect: null,
    end: 'recovered',
    observedUntilMs: endMs,
    effectMs: null,
  },
  fault: { fromMs: 10_000, byMs: 10_010 },
  recoveredMs: 13_010,
  recoveredFromMs: 13_000,
  outageMs: 3010,
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

const fates: Fate[] = ['survives', 'stalls', 'is reset', 'goes silent', 'is repeated', 'loses an echo', 'times out']
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
    facts.push(row('echoes', seq, backMs))
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
      const fold = new SessionsFold(opened, sameClock)
      for (const fact of factsOf(given)) fold.note(fact)
      const [history] = fold.end()
      const verdict = history === undefined ? null : judgeSession(history, trial).verdict
      expect(verdict).toBe(verdicts[given.fate])
    }),
    { numRuns: 2000 },
  )
})
