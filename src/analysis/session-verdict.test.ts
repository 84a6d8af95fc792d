import { expect, test } from 'vitest'
import type { EventOf } from '../model/event.ts'
import { SessionsFold } from './session-history.ts'
import { crash } from './fixture/step.ts'
import { judgeSession } from './session-verdict.ts'
import type { SessionTrial } from './session-trial.ts'

const trial: SessionTrial = {
  step: { ...crash, injectedMs: { sent: 10_000, acked: 10_100 } },
  fault: { fromMs: 10_000, byMs: 10_100 },
  recoveredMs: 13_500,
  recoveredFromMs: 13_300,
  outageMs: 3500,
  mostStallMs: 8000,
}

/** What becomes of a session with a message every 200 ms until 29 s. */
interface Course {
  /** Messages sent in it come back at its end, or never. */
  silence?: { fromMs: number; toMs: number | null }
  openedMs?: number | null
  closedMs?: number
  closeCause?: string
  /** When an echo came a second time. */
  repeatedMs?: number
  /** Nothing more is recorded from here on. */
  endsMs?: number
}

const during = { fromMs: 10_000, toMs: 13_900 }
const lost = { fromMs: 10_000, toMs: null }
const short: SessionTrial = {
  ...trial,
  recoveredMs: 10_500,
  recoveredFromMs: 10_300,
  outageMs: 400,
  mostStallMs: 1800,
}

function judged({ silence = { fromMs: 0, toMs: 0 }, openedMs = 4900, ...course }: Course, against: SessionTrial) {
  const fold = new SessionsFold(opened, { toRun: (ms) => ({ low: ms, high: ms }) }, [against])
  const of = { stream: 'held', session: 1 }
  if (openedMs !== null) fold.note({ ...of, atMs: openedMs, type: 'session-opened', openedMs })
  const rows = Array.from({ length: 120 }, (_, seq) => ({ seq, sentMs: 5000 + seq * 200 }))
  for (const { seq, sentMs } of rows.filter((row) => row.sentMs < (course.endsMs ?? Infinity))) {
    const row = { atMs: sentMs, stream: 'held', sessions: [1], seqs: [seq], afterMs: [0] }
    fold.note({ ...row, type: 'messages', baseMs: sentMs })
    const isSilent = sentMs >= silence.fromMs
    const backMs = isSilent ? Math.max(sentMs, silence.toMs ?? Infinity) + 1 : sentMs + 1
    if (Number.isFinite(backMs)) fold.note({ ...row, type: 'echoes', baseMs: backMs })
    if (course.repeatedMs === sentMs) fold.note({ ...row, type: 'echoes', baseMs: sentMs + 150 })
  }
  const { closedMs, closeCause: cause = 'FIN' } = course
  if (closedMs !== undefined) fold.note({ ...of, atMs: closedMs, type: 'session-closed', closedMs, cause })
  const [history] = fold.end()
  const [only] = history?.courses ?? []
  return history === undefined || only === undefined ? null : judgeSession(history, only)
}

const opened: EventOf<'stream-opened'> = {
  atMs: 0,
  type: 'stream-opened',
  stream: 'held',
  kind: 'tcp-session',
  class: 'sessions',
  from: 'client',
  to: 'target',
  everyMs: 200,
  timeoutMs: 2000,
  sessions: 1,
  settings: {},
}

test.each<[string, Course, SessionTrial, string | null, boolean]>([
  ['that echoes everything after the recovery survived', { silence: during }, trial, 'survived', true],
  [
    'that was silent for longer than TCP explains stalled',
    { silence: { fromMs: 10_000, toMs: 19_000 } },
    trial,
    'stalled',
    true,
  ],
  [
    'that was silent for longer than somebody allows stalled',
    { silence: during },
    { ...trial, mostStallMs: 3000 },
    'stalled',
    true,
  ],
  [
    'that was silent for as long as somebody allows survived',
    { silence: { fromMs: 10_000, toMs: 19_000 } },
    { ...trial, mostStallMs: 9000 },
    'survived',
    true,
  ],
  ['that echoes only after its deadline hung', { silence: { fromMs: 10_000, toMs: 22_000 } }, trial, 'hung', true],
  ['that echoes nothing any more hung', { silence: lost }, trial, 'hung', true],
  ['that is closed was reset', { silence: lost, closedMs: 14_000, closeCause: 'ECONNRESET' }, trial, 'reset', true],
  [
    'that is closed after a good time was reset',
    { silence: during, closedMs: 29_000, closeCause: 'FIN' },
    trial,
    'reset',
    true,
  ],
  [
    'that the kernel gave up timed out',
    { silence: lost, closedMs: 14_000, closeCause: 'read ETIMEDOUT' },
    trial,
    'timed-out',
    true,
  ],
  [
    'with wrong bytes is corrupt',
    { silence: lost, closedMs: 14_000, closeCause: 'corrupt: 00' },
    trial,
    'corrupt',
    true,
  ],
  ['with an echo twice is corrupt', { silence: during, repeatedMs: 14_800 }, trial, 'corrupt', true],
  ['that never opened was not opened', { silence: lost, openedMs: null }, trial, 'not-opened', false],
  ['that opened after the fault was not opened', { silence: during, openedMs: 10_001 }, trial, 'not-opened', false],
  [
    'that was closed before keeps its verdict',
    { silence: during, closedMs: 9000, closeCause: 'FIN' },
    trial,
    'reset',
    false,
  ],
  ['that hung before keeps its verdict', { silence: { fromMs: 7000, toMs: null } }, trial, 'hung', false],
  ['whose recording ends too early is not decided', { silence: lost }, ending(15_000), null, true],
  ['with nothing sent since the recovery is not decided', { endsMs: 13_400 }, trial, null, true],
  ['after a short outage has 6 s to catch up', { silence: { fromMs: 10_000, toMs: 15_000 } }, short, 'stalled', true],
  [
    'on a path that never recovered hung',
    { silence: lost },
    { ...ending(30_000, 'expired'), recoveredMs: null },
    'hung',
    true,
  ],
  [
    'on a path not seen to recover is not decided',
    { silence: lost },
    { ...ending(30_000), recoveredMs: null },
    null,
    true,
  ],
])('a session %s', (_, given, against, verdict, wasAlive) => {
  expect(judged(given, against)).toEqual({ verdict, wasAlive })
})

function ending(observedUntilMs: number, end: 'recovered' | 'expired' = 'recovered'): SessionTrial {
  return { ...trial, step: { ...trial.step, observedUntilMs, end } }
}
