import { expect, test } from 'vitest'
import type { Event, Fact } from '../model/event.ts'
import type { VhidRole } from '../model/ha-state.ts'
import type { CarpLog } from '../ports/firewall.ts'
import { fakeLab } from './fake-lab.fixture.ts'
import { watchLogs } from './log-watch.ts'
import type { RoleSource } from './role-watch.ts'
import { watchRoles } from './role-watch.ts'
import { virtualClock } from './virtual-clock.fixture.ts'

const roles: VhidRole[] = [{ vhid: 1, nic: 'vtnet1', state: 'MASTER' }]

/** Watches fw1 for a second of virtual time; every answer takes `answerMs` by turns. */
async function watched(answersMs: readonly number[], everyMs = 100): Promise<Event[]> {
  const clock = virtualClock()
  const events: Event[] = []
  const record = (fact: Fact): Event => {
    const event: Event = { ...fact, atMs: clock.nowMs() }
    events.push(event)
    return event
  }
  const stop = new AbortController()
  let [asked, inFlight] = [0, 0]
  const read = async () => {
    expect((inFlight += 1)).toBe(1)
    await clock.sleep(answersMs[asked++ % answersMs.length] ?? 0, new AbortController().signal)
    inFlight -= 1
    return roles
  }
  const source: RoleSource = { source: 'ssh', everyMs, reader: { roles: { read } } }
  const drill = { ...fakeLab().drill, recorder: { record, events }, clock, roleSources: [source] }
  const watching = watchRoles(drill, 'fw1', stop.signal)
  void clock.sleep(1000, stop.signal).then(() => stop.abort())
  await clock.runUntil(watching, 5000)
  return events
}

test('a node is asked on absolute slots, one request in flight, each with its own bounds', async () => {
  const events = await watched([3])
  const sent = events.flatMap((event) => (event.type === 'role-sample' ? [event.sentMs] : []))
  expect(sent).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
  expect(events[0]).toMatchObject({ node: 'fw1', source: 'ssh', sentMs: 0, ackedMs: 3, vhids: roles })
})

test('slots that pass while an answer is awaited are left out, and counted', async () => {
  const events = await watched([250, 3])
  const samples = events.flatMap((event) => (event.type === 'role-sample' ? [[event.sentMs, event.skipped ?? 0]] : []))
  expect(samples).toEqual([
    [0, 0],
    [300, 2],
    [400, 0],
    [700, 2],
  ])
})

test('the log of each node is read from the start of the run on, and what it does not tell is a fact, too', async () => {
  const { drill, events } = fakeLab()
  const carpLog: CarpLog = {
    clock: (node) =>
      node === 'fw1' ? Promise.resolve({ zeroMs: 5000, boundMs: 10 }) : Promise.reject(new Error('no date')),
    entries: (_, sinceMs) => (sinceMs === 4990 ? Promise.reject(new Error('no log')) : Promise.resolve([])),
  }
  const logs = watchLogs({ ...drill, carpLog })
  await logs.compareClocks()
  await logs.read()
  expect(events.map((event) => [event.type, 'node' in event ? event.node : ''])).toEqual([
    ['log-clock', 'fw1'],
    ['problem', ''],
    ['carp-log', 'fw1'],
  ])
  expect(events[2]).toMatchObject({ entries: null, error: 'no log' })
})
