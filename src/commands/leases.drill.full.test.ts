import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { eventSchema } from '../model/event.ts'
import type { EventOf } from '../model/event.ts'
import { hostState, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

let place: Workplace
let before: string
beforeEach(() => {
  place = workplace()
  before = hostState()
})
afterEach(() => place.remove())

/** Several clients, since two servers share them out by who they are. */
const streams = ['one', 'two', 'three', 'four', 'five', 'six']

const drillOf = (lab: string): string => `scenario: leases
question: Does a client keep its address while the master is dead?
red: it does not
lab: ${lab}
gate: { cleanFor: 5s, settleWithin: 60s }
probes:
  outside: { ping: { from: client, to: target, every: 200ms } } # states for the firewalls to share
${streams.map((name) => `  ${name}: { dhcp-renew: { from: client, to: vip:lan, every: 2s } }`).join('\n')}
steps:
  - { name: gone, fault: { vm-stop: { on: fw1 } }, recoverWithin: 16s }
  - { name: back, heal: gone, recoverWithin: 60s }
expect:
  - { metric: gone.lost, stream: one, max: 100, because: it is only counted here }
`

const measuredSchema = z.object({
  measurements: z.array(
    z.object({
      stream: z.string(),
      step: z.string(),
      metric: z.string(),
      interval: z.object({ low: z.number(), high: z.number().nullable() }).nullable(),
    }),
  ),
})

interface Told {
  leases: EventOf<'lease'>[]
  lost: number[]
}

async function drilled(lab: string): Promise<Told> {
  const { stderr } = await place.run(['run', place.write('leases.yaml', drillOf(lab))])
  const events = place.latest('run.jsonl').trimEnd().split('\n')
  const leases = events.flatMap((line) => {
    const event = eventSchema.safeParse(JSON.parse(line))
    return event.data?.type === 'lease' ? [event.data] : []
  })
  const { measurements } = measuredSchema.parse(JSON.parse(place.latest('verdict.json')))
  const lost = measurements.filter(({ step, metric }) => step === 'gone' && metric === 'lost')
  expect({ stderr, left: place.leftovers() }).toEqual({ stderr, left: [] })
  expect(hostState()).toBe(before)
  return {
    leases,
    lost: lost.flatMap(({ stream, interval }) => (streams.includes(stream) ? (interval?.low ?? []) : [])),
  }
}

/** Whether a stream ever had another address. */
const isKept = (leases: EventOf<'lease'>[]) =>
  streams.every((name) => new Set(leases.flatMap(({ stream, address }) => (stream === name ? address : []))).size === 1)

test('servers that share their leases: whoever had one of the dead server has it renewed by the other', async () => {
  const { leases, lost } = await drilled('pfsense-dmz')
  const first = leases.filter(({ state }) => state === 'obtained')
  const orphans = first.filter(({ server }) => server === '10.0.1.2').map(({ stream }) => stream)
  expect(first.map(({ stream }) => stream).toSorted()).toEqual(streams.toSorted())
  expect(orphans.length).toBeGreaterThan(0)
  const rebound = leases.filter(({ state, server }) => state === 'rebound' && server === '10.0.1.3')
  expect([...new Set(rebound.map(({ stream }) => stream))].toSorted()).toEqual(orphans.toSorted())
  expect(isKept(leases)).toBe(true)
  expect(lost).toEqual(streams.map(() => 0))
})

test('servers that share none: nobody renews what the dead server gave, and it does so again when it is back', async () => {
  const { leases, lost } = await drilled('opnsense-single-wan')
  expect(new Set(leases.map(({ server }) => server))).toEqual(new Set(['10.102.0.2']))
  expect(new Set(leases.map(({ state }) => state))).toEqual(new Set(['obtained', 'renewed']))
  expect(isKept(leases)).toBe(true)
  expect(lost).toHaveLength(streams.length)
  expect(Math.min(...lost)).toBeGreaterThanOrEqual(7)
})
