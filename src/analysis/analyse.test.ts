import { expect, test } from 'vitest'
import type { Event } from '../model/event.ts'
import { analyse } from './analyse.ts'
import { at, drill } from './fixture/drill.ts'
import type { DrillOptions } from './fixture/drill.ts'

const measured = (step: string, metric: string, events: readonly Event[]) => {
  const found = analyse(events, 'sha').measurements.find((one) => one.step === step && one.metric === metric)
  return [found?.interval ?? null, found?.evidence]
}
const of = (step: string, metric: string, options: Partial<DrillOptions>) => measured(step, metric, drill(options))

test('the true outage and the true takeover lie in their intervals at every probe interval', () => {
  for (const everyMs of [200, 100, 50, 10]) {
    const { measurements, timeline } = analyse(drill({ everyMs }), 'sha')
    const interval = (metric: string) =>
      measurements.find((one) => one.metric === metric)?.interval ?? { low: 0, high: 0 }

    expect(interval('outage').low).toBeLessThanOrEqual(3420)
    expect(interval('outage').high).toBeGreaterThanOrEqual(3420)
    expect(interval('takeover').low).toBeLessThanOrEqual(3350)
    expect(interval('takeover').high).toBeGreaterThanOrEqual(3430)
    expect(timeline.streams[0]?.windows).toHaveLength(1)
  }
})

test('the takeover names the limit of CARP', () => {
  expect(of('failover', 'takeover', {})).toEqual([
    { low: 3268.92, high: 3551.52 },
    'command sent and acknowledged within 80 ms; 17 of 5/s lost, 1 window +0.15 s to +3.35 s; CARP limit 2.39-3.41 s',
  ])
})

test('without an impaired probe an outage can still hide between two good ones', () => {
  expect(of('failback', 'outage', {})).toEqual([{ low: 0, high: 200.4 }, 'all 74 probes at 5/s answered in time'])
})

test('probes that were never sent widen what may hide between the others', () => {
  const holed = drill().filter((event) => event.type !== 'probe' || event.seq < 100 || event.seq > 104)

  expect(measured('failback', 'outage', holed)[0]).toEqual({ low: 0, high: 1200.4 })
})

test('an outage that outlasts its step is counted up to the end of the step, and leaves the next one unmeasurable', () => {
  const cuts = [{ fromMs: at.cut, toMs: 22_000 }]
  const options: Partial<DrillOptions> = { cuts, failover: 'expired', failoverEndMs: 20_000 }
  const [interval, evidence] = of('failover', 'outage', options)

  expect(interval).toEqual({ low: 12_799.6, high: 13_051.601 })
  expect(evidence).toContain('not over when the step ended')
  expect(of('failover', 'takeover', options)[0]).toMatchObject({ high: Infinity })
  expect(of('failback', 'outage', options)).toEqual([null, 'the traffic was already interrupted when this step began'])
  expect(of('failback', 'lost', options)[0]).toBeNull()
})

test('downtime and span are two numbers, and the takeover ends with the first lasting recovery', () => {
  const cuts = [
    { fromMs: 7060, toMs: 8000 },
    { fromMs: 9000, toMs: 10_000 },
    { fromMs: 17_000, toMs: 18_000 },
  ]
  const interval = (metric: string) => of('failover', metric, { cuts, failoverEndMs: 24_000 })[0]

  expect(interval('outage')).toEqual({ low: 2198.8, high: 3401.2 })
  expect(interval('span')).toMatchObject({ low: 10_599.6 })
  expect(interval('takeover')).toMatchObject({ high: 2951.401 })
})

test('late answers impair without being lost', () => {
  const late = drill({ cuts: [] }).map((event): Event => {
    const isLate = event.type === 'probe' && event.seq >= 40 && event.seq < 45
    return isLate ? { ...event, receivedMs: event.sentMs + 400 } : event
  })

  expect(measured('failover', 'lost', late)[0]).toEqual({ low: 0, high: 0 })
  expect(measured('failover', 'impaired', late)[0]).toEqual({ low: 5, high: 5 })
  expect(measured('failover', 'outage', late)).toEqual([
    { low: 799.6, high: 1200.4 },
    '0 of 5/s lost, 5 later than 50 ms, 1 window +1.95 s to +2.75 s; 1 answer out of order; answers came buffered or late: 400 ms of silence between two of them',
  ])
})

test('why probes had no answer is said where it is known', () => {
  const refused = drill().map((event): Event =>
    event.type === 'probe' && event.receivedMs === null ? { ...event, cause: 'ECONNREFUSED' } : event,
  )

  expect(measured('failover', 'lost', refused)).toEqual([
    { low: 17, high: 17 },
    expect.stringMatching(/^17 of 5\/s lost \(ECONNREFUSED\), 1 window /),
  ])
})

test('sends that fail because the gateway is silent are part of the outage', () => {
  const unsent = drill().map((event): Event =>
    event.type === 'probe' && event.receivedMs === null ? { ...event, error: 'EHOSTUNREACH' } : event,
  )

  expect(measured('failover', 'lost', unsent)[0]).toEqual({ low: 17, high: 17 })
  expect(measured('failover', 'outage', unsent)[0]).toEqual({ low: 3199.6, high: 3600.4 })
})

test('sends that fail on the vantage machine itself leave a hole, not an outage', () => {
  const unsent = drill().map((event): Event =>
    event.type === 'probe' && event.receivedMs === null ? { ...event, error: 'ENOBUFS' } : event,
  )

  expect(measured('failover', 'lost', unsent)[0]).toEqual({ low: 0, high: 0 })
  expect(measured('failover', 'outage', unsent)[0]).toEqual({ low: 0, high: 3600.4 })
})

test('the roles of both firewalls follow the polls', () => {
  const { roles } = analyse(drill(), 'sha').timeline

  expect(
    roles.map(({ node, segments }) => [node, ...segments.map(({ fromMs, state }) => `${fromMs} ${state}`)]),
  ).toEqual([
    ['fw1', '250 MASTER', '7250 UNREACHABLE', '19250 BACKUP', '22250 MASTER'],
    ['fw2', '250 BACKUP', '10250 MASTER', '22250 BACKUP'],
  ])
})

test('fewer than five good probes are no lasting recovery', () => {
  const sparse = drill({ failoverEndMs: 17_000 }).filter(
    (event) => event.type !== 'probe' || event.seq < 48 || event.seq > 80 || event.seq % 10 === 0,
  )

  expect(measured('failover', 'takeover', sparse)[0]).toMatchObject({ high: Infinity })
})

test('a firewall that does not name a VHID holds no role of it', () => {
  const mute = drill().map((event): Event =>
    event.type === 'ha-sample' && event.state !== null ? { ...event, state: { ...event.state, vhids: [] } } : event,
  )

  expect(analyse(mute, 'sha').timeline.roles[1]?.segments.map(({ state }) => state)).toEqual(['INIT'])
})

test('what was asked about a step that never began is not measurable', () => {
  const events = drill().filter(({ atMs }) => atMs < at.failover)

  expect(measured('failover', 'outage', events)).toEqual([null, 'this step never began'])
})

test('the pair is measured as its worst stream, and one stream alone has no asymmetry', () => {
  const { measurements } = analyse(drill(), 'sha')
  const told = (stream: string, metric: string) =>
    measurements.find((one) => one.step === 'failover' && one.stream === stream && one.metric === metric)

  expect(told('pair', 'outage')?.interval).toEqual(told('outside', 'outage')?.interval)
  expect(told('pair', 'takeover')?.evidence).toContain('worst stream outside: ')
  expect(told('pair', 'asymmetry')).toBeUndefined()
})
