import { expect, test } from 'vitest'
import type { CollectedLine } from '../../model/collected-line.ts'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import type { ObservedStep } from '../steps.ts'
import { measureAlerts } from './alerts.ts'

/** The log's clock and the collector's wall clock at the run's 0. */
const logZeroMs = 1_790_003_600_000
const wallZeroMs = 1_790_000_000_000
const step: ObservedStep = {
  name: 'failover',
  action: 'fault',
  kind: 'carp-disable',
  of: 'failover',
  ref: '$master',
  machines: ['fw1'],
  startMs: 10_000,
  endMs: 20_000,
  injectedMs: { sent: 10_100, acked: 10_200 },
  effect: null,
  effectMs: null,
  end: 'recovered',
  observedUntilMs: 20_000,
}
const change = (atMs: number, vhid: number, from: string, to: string) => ({
  atMs: Math.floor((logZeroMs + atMs) / 1000) * 1000,
  resolutionMs: 1000,
  uptimeSeconds: null,
  event: { kind: 'transition' as const, vhid, nic: 'vtnet0', from, to, reason: 'master timed out' },
})
const logs = (of: Record<string, ReturnType<typeof change>[]>): Event[] =>
  Object.entries(of).flatMap(([node, entries]): Event[] => [
    { type: 'log-clock', atMs: 1, node, zeroMs: logZeroMs, boundMs: 2 },
    { type: 'carp-log', atMs: 20_100, node, sentMs: 20_050, ackedMs: 20_100, entries },
  ])
const line = (atMs: number, node: string, vhid: number, from: string, to: string): CollectedLine => ({
  wallMs: wallZeroMs + atMs,
  node,
  vhid,
  from,
  to,
})
const collected = (lines: CollectedLine[] | null, sentMs = 20_050): Event => ({
  type: 'collected-log',
  atMs: sentMs + 10,
  machine: 'target',
  sentMs,
  ackedMs: sentMs + 10,
  answer: lines === null ? null : { wallMs: wallZeroMs + sentMs + 5, lines },
})
const measured = (events: Event[]) => {
  const rows = measureAlerts(factsOf(events), ['fw1', 'fw2'], [1, 2], [step])
  return Object.fromEntries(rows.map(({ metric, stream, interval }) => [`${metric} ${stream}`, interval?.low ?? null]))
}
const both = logs({
  fw1: [change(10_300, 1, 'MASTER', 'INIT'), change(10_300, 2, 'MASTER', 'INIT')],
  fw2: [change(13_400, 1, 'BACKUP', 'MASTER'), change(13_400, 2, 'BACKUP', 'MASTER')],
})
const before = line(4000, 'fw2', 1, 'BACKUP', 'MASTER')
const lines = [
  before,
  line(10_310, 'fw1', 1, 'MASTER', 'INIT'),
  line(10_311, 'fw1', 2, 'MASTER', 'INIT'),
  line(13_405, 'fw2', 1, 'BACKUP', 'MASTER'),
  line(13_406, 'fw2', 2, 'BACKUP', 'MASTER'),
]

test('every change with a line of its own leaves none untold; a line from before the step is none of it', () => {
  expect(measured([...both, collected(lines)])).toEqual({
    'alerts pair': 4,
    'alerts vhid-1': 2,
    'alerts vhid-2': 2,
    'unalerted pair': 0,
    'unalerted vhid-1': 0,
    'unalerted vhid-2': 0,
  })
})

test('a change without its line is counted and named, whatever else came', () => {
  const events = [...both, collected([...lines.slice(0, 3), line(13_405, 'fw2', 1, 'INIT', 'MASTER')])]
  expect(measured(events)).toMatchObject({ 'alerts pair': 3, 'unalerted pair': 2, 'unalerted vhid-2': 1 })
  const pair = measureAlerts(factsOf(events), ['fw1', 'fw2'], [1, 2], [step])[1]
  expect(pair?.evidence).toBe(
    '4 role changes logged, no line of fw2, VHID 1: BACKUP -> MASTER (master timed out); fw2, VHID 2: BACKUP -> MASTER (master timed out)',
  )
})

test('a line that came twice is one more alert, and answers for one change only', () => {
  const twice = [...lines.slice(0, 3), ...lines.slice(1, 3)]
  expect(measured([...both, collected(twice)])).toMatchObject({ 'alerts pair': 4, 'unalerted pair': 2 })
})

test('a collector or a log that was not read after the step tells nothing, and without a collector nothing is said', () => {
  expect(measured([...both, collected(lines, 15_000)])).toMatchObject({ 'alerts pair': null, 'unalerted pair': null })
  expect(measured([...both, collected(null)])).toMatchObject({ 'alerts pair': null, 'unalerted pair': null })
  expect(measured([...both.slice(0, 2), collected(lines)])).toMatchObject({ 'alerts pair': 4, 'unalerted pair': null })
  expect(measured(both)).toEqual({})
})
