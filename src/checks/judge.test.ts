import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { at, drill, inOrder } from '../analysis/fixture/drill.ts'
import type { DrillOptions } from '../analysis/fixture/drill.ts'
import type { Event } from '../model/event.ts'
import type { Result } from '../model/result.ts'
import { judge } from './judge.ts'

const resultOf = (events: readonly Event[]): Result => judge(analyse(events, 'sha'))
const without = (type: Event['type'], events = drill()) => events.filter((event) => event.type !== type)
const change = (edit: (event: Event) => Event, events = drill()) => inOrder(events.map(edit))
const failedStream: Event = { type: 'stream-failed', atMs: at.end, stream: 'outside', reason: 'exit code 127' }
const reds = ({ findings }: Result) =>
  findings.filter(({ verdict }) => verdict !== 'pass').map(({ verdict, id }) => `${verdict} ${id}`)
const drillOf = (options: Partial<DrillOptions>) => resultOf(drill(options))

test('a drill in which everything went as it should passes, and says so in numbers', () => {
  const { verdict, headline, findings, claims } = resultOf(drill())

  expect(reds(resultOf(drill()))).toEqual([])
  expect(verdict).toBe('pass')
  expect(headline).toBe(
    'failover: 17 packets lost, takeover 3.41 s ± 0.14 s, 1 session alive; failback: 0 packets lost, outage at most 200 ms, 1 session alive.',
  )
  expect(findings[0]?.message).toBe(
    'failover.outage of outside: 3.40 s ± 0.20 s (17 of 5/s lost, 1 window +0.15 s to +3.35 s), limit at most 4.50 s (because CARP and DHCP)',
  )
  expect(claims).toEqual([
    {
      text: 'I saw only one dropped packet',
      outcome: 'not met',
      message: 'failover.lost of outside: 17 (17 of 5/s lost, 1 window +0.15 s to +3.35 s), limit at most 1',
    },
  ])
})

test('traffic that is to stay away fails no drill by staying away', () => {
  const cuts = [{ fromMs: at.cut, toMs: 60_000 }]
  const analysis = analyse(drill({ cuts, failover: 'recovered' }), 'sha')
  const steps = analysis.scenario.steps.map((step) => ({ ...step, silences: ['outside'] }))
  const judged = (scenario: typeof analysis.scenario) =>
    judge({ ...analysis, scenario }).findings.filter(({ id }) => id.startsWith('invariant.recovered-in-time'))
  expect(judged(analysis.scenario).map(({ verdict }) => verdict)).toEqual(['fail', 'fail'])
  expect(judged({ ...analysis.scenario, steps }).map(({ verdict }) => verdict)).toEqual(['pass', 'pass'])
})

test('a claim that the lab cannot show is told with the reason', () => {
  const analysis = analyse(drill(), 'sha')
  const claims = [{ text: 'link_state: up', notTestable: 'there is no ovs-vsctl' }]
  const judged = judge({ ...analysis, scenario: { ...analysis.scenario, claims } })
  expect(judged.claims).toEqual([{ text: 'link_state: up', outcome: 'not testable', message: 'there is no ovs-vsctl' }])
  expect(judged.verdict).toBe('pass')
})

test('a session that is closed by the takeover fails the drill and is named', () => {
  const result = drillOf({ held: 'is reset' })

  expect(reds(result)).toEqual(['fail expect.failover.sessionsAlive.held'])
  expect(result.findings[1]?.message).toBe(
    'failover.sessionsAlive of held: 0 (0 of 1 session carried every message; session 1 was closed 3.53 s after the fault (ECONNRESET)), limit at least 1 (because state sync is on)',
  )
})

test('a session that hangs past its deadline fails the drill', () => {
  const result = drillOf({ held: 'hangs', failoverEndMs: 19_500 })

  expect(reds(result)).toEqual(['fail expect.failover.sessionsAlive.held'])
  expect(result.timeline.streams[1]?.sessions[0]?.verdicts).toEqual({ failover: 'hung', failback: 'hung' })
})

test('a session that hangs in a step that ends before its deadline is unknown, not alive', () => {
  expect(reds(drillOf({ held: 'hangs' }))).toEqual(['unknown expect.failover.sessionsAlive.held'])
})

test('a stream that the target cannot carry makes what is asked of it unknown, with the reason, and leaves the rest judged', () => {
  const reason = 'target is no reflector'
  const kept = drill().filter((event) => !('stream' in event) || event.stream !== 'held')
  const result = resultOf(inOrder([...kept, { type: 'stream-withheld', atMs: 550, stream: 'held', reason }]))

  expect(reds(result)).toEqual(['unknown expect.failover.sessionsAlive.held', 'unknown invariant.probes-ran.held'])
  expect(result.findings[1]?.message).toContain(`not measurable, ${reason}`)
  expect(result.findings[0]?.verdict).toBe('pass')
  expect(result.verdict).toBe('unknown')
})

test('traffic that never recovers fails, and its step after that is unknown', () => {
  const cuts = [{ fromMs: at.cut, toMs: 39_000 }]

  expect(reds(drillOf({ cuts, failover: 'expired', failoverEndMs: 20_000 }))).toEqual([
    'fail expect.failover.outage.outside',
    'fail expect.failover.sessionsAlive.held',
    'unknown expect.failback.outage.outside',
    'fail invariant.recovered-in-time.failover',
    'fail invariant.recovered-in-time.failback',
  ])
})

test('a limit inside the uncertainty is unknown and prints both numbers', () => {
  const cuts = [{ fromMs: at.cut, toMs: at.cut + 4500 }]
  const result = drillOf({ cuts, failoverEndMs: 17_500 })

  expect(reds(result)).toEqual(['unknown expect.failover.outage.outside'])
  expect(result.findings[0]?.message).toContain('which lies inside the uncertainty: between 4.20 s and 4.60 s')
})

test('a step that expires although its probes are answered fails', () => {
  expect(reds(drillOf({ failover: 'expired' }))).toEqual(['fail invariant.recovered-in-time.failover'])
})

test.each<[string, Event[], string]>([
  ['without its last fact', without('run-ended'), 'unknown invariant.recording-complete'],
  ['without the word of its vantage machine', without('streams-closed'), 'unknown invariant.recording-complete'],
  ['without a gate', without('gate'), 'unknown invariant.settled-before'],
  ['without clean traffic', without('clean-traffic'), 'unknown invariant.clean-before'],
  ['without a proven effect', without('effect'), 'unknown invariant.fault-happened.failover'],
  ['without an injection', without('injected'), 'unknown invariant.fault-happened.failover'],
  ['that hit nothing', change(noMachines), 'unknown invariant.fault-happened.failover'],
  ['without targets', without('targets-resolved'), 'unknown invariant.target-was-master.failover'],
  ['without polls', without('ha-sample'), 'unknown invariant.target-was-master.failover'],
  ['without undos', without('undo'), 'unknown invariant.undo-done'],
  ['without probes', without('probe'), 'unknown invariant.probes-ran.outside'],
  ['without step ends', without('step-ended'), 'unknown invariant.recovered-in-time.failover'],
  ['without clock comparisons', without('clock-sync'), 'unknown invariant.probes-ran.outside'],
  ['whose fault had no effect', change(ineffective), 'unknown invariant.fault-happened.failover'],
  ['whose undo failed', change(undoFailed), 'unknown invariant.undo-done'],
  ['that was aborted', change(aborted), 'unknown invariant.recording-complete'],
  ['whose pair was not settled before', change(unsettledBefore), 'unknown invariant.settled-before'],
  ['whose wall clock was stepped', change(stepped), 'unknown invariant.clock-steady'],
  ['whose events are out of order', drill().toReversed(), 'unknown invariant.clock-steady'],
  ['whose fault hit the backup', change(rolesSwapped), 'unknown invariant.target-was-master.failover'],
  ['whose prober stalled', drill().filter(notStalled), 'unknown invariant.probes-ran.outside'],
  ['whose prober could not send', change(unsent), 'unknown invariant.probes-ran.outside'],
  ['one of whose streams failed', [...drill(), failedStream], 'unknown invariant.probes-ran.outside'],
  ['with a loss before the fault', change(lossBefore), 'unknown invariant.clean-before'],
  ['whose clean traffic was too short', change(shortlyClean), 'unknown invariant.clean-before'],
  ['whose session was gone before the fault', change(openedLate), 'unknown invariant.clean-before'],
  ['whose session never opened', without('session-opened'), 'unknown invariant.probes-ran.held'],
  ['one of whose firewalls is silent at the end', change(silentAtEnd), 'unknown invariant.one-master'],
  ['one of whose firewalls was never asked', drill().filter(onlyFirst), 'unknown invariant.one-master'],
  ['whose other firewall was master only before', change(masterBefore), 'fail invariant.other-became-master.failover'],
  ['one of whose steps was aborted', drill({ failover: 'aborted' }), 'unknown invariant.recovered-in-time.failover'],
  [
    'whose probes cannot tell',
    [...drill({ failover: 'expired' }), failedStream],
    'unknown invariant.recovered-in-time.failover',
  ],
  [
    'without probes in a step',
    drill({ failover: 'expired' }).filter(beforeFault),
    'unknown invariant.recovered-in-time.failover',
  ],
  ['whose pair never settled again', change(unsettledAfter), 'fail invariant.one-master'],
  ['that ends with two masters', change(twoMasters), 'fail invariant.one-master'],
  ['whose backup never took over', change(neverTakes), 'fail invariant.other-became-master.failover'],
])('a recording %s says so and is no pass', (_, events, expected) => {
  const result = resultOf(events)

  expect(reds(result)).toContain(expected)
  expect(result.verdict).not.toBe('pass')
})

test('lines that could not be read make the recording incomplete', () => {
  expect(reds(judge(analyse(drill(), { sha256: 'sha', unreadableLines: 1 })))).toEqual([
    'unknown invariant.recording-complete',
  ])
})

test('an empty recording is unknown', () => {
  expect(resultOf([])).toMatchObject({ verdict: 'unknown', measurements: [], timeline: { endMs: 0 } })
})

test('a warning does not decide the verdict', () => {
  const warned = change((event) =>
    event.type === 'run-started' ? { ...event, scenario: withWarning(event.scenario) } : event,
  )

  expect(resultOf(warned)).toMatchObject({ verdict: 'pass' })
  expect(reds(resultOf(warned))).toEqual(['fail expect.failover.outage.outside'])
})

function withWarning(scenario: unknown): unknown {
  const strict = { metric: 'failover.outage', stream: 'outside', max: 1000, level: 'warn', because: 'wish' }
  return typeof scenario === 'object' ? { ...scenario, expect: [strict] } : scenario
}

function noMachines(event: Event): Event {
  return event.type === 'targets-resolved' || event.type === 'injected' ? { ...event, machines: [] } : event
}

function ineffective(event: Event): Event {
  return event.type === 'effect' ? { ...event, proven: false, evidence: 'fw1 still runs' } : event
}

function undoFailed(event: Event): Event {
  return event.type === 'undo' && event.state === 'done' ? { ...event, state: 'failed', error: 'timeout' } : event
}

function aborted(event: Event): Event {
  return event.type === 'run-ended' ? { ...event, outcome: 'aborted', reason: 'no answer' } : event
}

function unsettledBefore(event: Event): Event {
  return event.type === 'gate' && event.phase === 'before'
    ? { ...event, state: 'expired', unsettled: ['two masters'] }
    : event
}

function unsettledAfter(event: Event): Event {
  return event.type === 'gate' && event.phase === 'after'
    ? { ...event, state: 'expired', unsettled: ['demoted'] }
    : event
}

function stepped(event: Event): Event {
  return event.type === 'run-ended' ? { ...event, endedAt: '2026-11-01T03:00:42.000Z' } : event
}

function rolesSwapped(event: Event): Event {
  return event.type === 'ha-sample' && event.atMs < at.cut
    ? { ...event, node: event.node === 'fw1' ? 'fw2' : 'fw1' }
    : event
}

function neverTakes(event: Event): Event {
  return event.type === 'ha-sample' && event.node === 'fw2' ? withRole(event, 'BACKUP') : event
}

function twoMasters(event: Event): Event {
  return event.type === 'ha-sample' && event.atMs > at.settled ? withRole(event, 'MASTER') : event
}

function withRole(event: Extract<Event, { type: 'ha-sample' }>, role: 'MASTER' | 'BACKUP'): Event {
  if (event.state === null) return event
  return { ...event, state: { ...event.state, vhids: event.state.vhids.map((vhid) => ({ ...vhid, state: role })) } }
}

function notStalled(event: Event): boolean {
  return event.type !== 'probe' || event.seq < 60 || event.seq > 63
}

function unsent(event: Event): Event {
  return event.type === 'probe' && event.seq > 60 && event.seq < 64
    ? { ...event, receivedMs: null, error: 'ENOBUFS' }
    : event
}

function lossBefore(event: Event): Event {
  return event.type === 'probe' && event.seq === 20 ? { ...event, receivedMs: null } : event
}

function shortlyClean(event: Event): Event {
  return event.type === 'clean-traffic' ? { ...event, sinceMs: 2500 } : event
}

function openedLate(event: Event): Event {
  return event.type === 'session-opened' ? { ...event, openedMs: event.openedMs + 20_000 } : event
}

function silentAtEnd(event: Event): Event {
  return event.type === 'ha-sample' && event.atMs > at.settled && event.node === 'fw2'
    ? { ...event, state: null }
    : event
}

function onlyFirst(event: Event): boolean {
  return event.type !== 'ha-sample' || event.node === 'fw1'
}

function masterBefore(event: Event): Event {
  if (event.type !== 'ha-sample' || event.node !== 'fw2') return event
  return withRole(event, event.atMs < 3000 ? 'MASTER' : 'BACKUP')
}

function beforeFault(event: Event): boolean {
  return event.type !== 'probe' || event.atMs < at.failover
}
