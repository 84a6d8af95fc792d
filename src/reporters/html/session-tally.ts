import type { SessionTrace, SessionVerdict, StepTrace, StreamTrace } from '../../model/result.ts'

/** What became of a stream's sessions in a step: `held: 5000 sessions: 4975 survived, 20 survived with a stall, 5 hung. ` */
export function sayTally({ name, sessions }: StreamTrace, step: StepTrace): string {
  const counts = Map.groupBy(sessions, (session) => fateIn(session, step))
  const said = order.flatMap((fate) => {
    const own = counts.get(fate)?.length ?? 0
    return own === 0 ? [] : [`${own} ${words[fate]}`]
  })
  const amount = sessions.length === 1 ? '1 session' : `${sessions.length} sessions`
  return sessions.length === 0 ? '' : `${name}: ${amount}: ${said.join(', ')}. `
}

type Fate = SessionVerdict | 'unknown' | 'later'

function fateIn({ verdicts, openedMs }: SessionTrace, { name, startMs }: StepTrace): Fate {
  const verdict = verdicts[name] ?? 'unknown'
  return verdict === 'not-opened' && openedMs !== null && openedMs > startMs ? 'later' : verdict
}

const words: Record<Fate, string> = {
  survived: 'survived',
  stalled: 'survived with a stall',
  reset: 'closed by the other side',
  hung: 'hung',
  'timed-out': 'timed out',
  corrupt: 'corrupt',
  'not-opened': 'never opened',
  later: 'opened after it',
  unknown: 'without a verdict',
}
const order: readonly Fate[] = [
  'survived',
  'stalled',
  'reset',
  'hung',
  'timed-out',
  'corrupt',
  'not-opened',
  'later',
  'unknown',
]
