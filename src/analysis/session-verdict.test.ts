import { expect, test } from 'vitest'
import { Column } from './column.ts'
import type { SessionHistory } from './session-history.ts'
import { judgeSession } from './session-verdict.ts'
import type { SessionTrial } from './session-verdict.ts'

const trial: SessionTrial = {
  step: {
    name: 'failover',
    action: 'fault',
    kind: 'vm-stop',
    of: 'failover',
    ref: '$master',
    machines: ['fw1'],
    startMs: 9900,
    endMs: 30_000,
    injectedMs: { sent: 10_000, acked: 10_100 },
    effect: null,
    end: 'recovered',
    observedUntilMs: 30_000,
    effectMs: null,
  },
  fault: { fromMs: 10_000, byMs: 10_100 },
  recoveredMs: 13_500,
  recoveredFromMs: 13_300,
  outageMs: 3500,
}

/** A session with a message every 200 ms until 29 s; those sent in the silence come back at its end, or never. */
function history(silence: { fromMs: number; toMs: number | null }, more: Partial<SessionHistory> = {}): SessionHistory {
  const sent = Array.from({ length: 120 }, (_, seq) => ({ seq, sentMs: 5000 + seq * 200 }))
  const echoes = sent.flatMap(({ seq, sentMs }) => {
    if (sentMs < silence.fromMs) return [{ seq, atMs: sentMs + 1 }]
    return silence.toMs === null ? [] : [{ seq, atMs: Math.max(sentMs, silence.toMs) + 1 }]
  })
  const columns = {
    sent: Column.of(sent.map(({ sentMs }) => sentMs)),
    echoed: Column.of(echoes.map(({ atMs }) => atMs)),
  }
  return { session: 1, openedMs: 4900, closedMs: null, closeCause: null, ...columns, corruptMs: null, ...more }
}

const during = { fromMs: 10_000, toMs: 13_900 }
const lost = { fromMs: 10_000, toMs: null }
const repeated = history(during, { corruptMs: 14_950 })

const short: SessionTrial = { ...trial, recoveredMs: 10_500, recoveredFromMs: 10_300, outageMs: 400 }

/** A session that was never interrupted, and of which nothing is recorded after an instant. */
function silentSince(ms: number): SessionHistory {
  const whole = history({ fromMs: 0, toMs: 0 })
  const all = Array.from({ length: whole.sent.length }, (_, index) => whole.sent.at(index) ?? 0)
  const sent = Column.of(all.filter((sentMs) => sentMs < ms))
  const echoed = Column.of(Array.from({ length: sent.length }, (_, index) => (sent.at(index) ?? 0) + 1))
  return { ...whole, sent, echoed }
}

test.each<[string, SessionHistory, SessionTrial, string | null, boolean]>([
  ['that echoes everything after the recovery survived', history(during), trial, 'survived', true],
  [
    'that was silent for longer than TCP explains stalled',
    history({ fromMs: 10_000, toMs: 19_000 }),
    trial,
    'stalled',
    true,
  ],
  ['that echoes only after its deadline hung', history({ fromMs: 10_000, toMs: 22_000 }), trial, 'hung', true],
  ['that echoes nothing any more hung', history(lost), trial, 'hung', true],
  ['that is closed was reset', history(lost, { closedMs: 14_000, closeCause: 'ECONNRESET' }), trial, 'reset', true],
  [
    'that is closed after a good time was reset',
    history(during, { closedMs: 29_000, closeCause: 'FIN' }),
    trial,
    'reset',
    true,
  ],
  [
    'that the kernel gave up timed out',
    history(lost, { closedMs: 14_000, closeCause: 'read ETIMEDOUT' }),
    trial,
    'timed-out',
    true,
  ],
  [
    'with wrong bytes is corrupt',
    history(lost, { closedMs: 14_000, closeCause: 'corrupt: 00' }),
    trial,
    'corrupt',
    true,
  ],
  ['with an echo twice is corrupt', repeated, trial, 'corrupt', true],
  ['that never opened was not opened', history(lost, { openedMs: null }), trial, 'not-opened', false],
  ['that opened after the fault was not opened', history(during, { openedMs: 10_001 }), trial, 'not-opened', false],
  [
    'that was closed before keeps its verdict',
    history(during, { closedMs: 9000, closeCause: 'FIN' }),
    trial,
    'reset',
    false,
  ],
  ['that hung before keeps its verdict', history({ fromMs: 7000, toMs: null }), trial, 'hung', false],
  ['whose recording ends too early is not decided', history(lost), ending(15_000), null, true],
  ['with nothing sent since the recovery is not decided', silentSince(13_400), trial, null, true],
  ['after a short outage has 6 s to catch up', history({ fromMs: 10_000, toMs: 15_000 }), short, 'stalled', true],
  [
    'on a path that never recovered hung',
    history(lost),
    { ...ending(30_000, 'expired'), recoveredMs: null },
    'hung',
    true,
  ],
  ['on a path not seen to recover is not decided', history(lost), { ...ending(30_000), recoveredMs: null }, null, true],
])('a session %s', (_, given, against, verdict, wasAlive) => {
  expect(judgeSession(given, against)).toEqual({ verdict, wasAlive })
})

function ending(observedUntilMs: number, end: 'recovered' | 'expired' = 'recovered'): SessionTrial {
  return { ...trial, step: { ...trial.step, observedUntilMs, end } }
}
