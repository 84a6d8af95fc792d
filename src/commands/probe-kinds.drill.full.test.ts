import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { hostState, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const resultSchema = z.object({
  verdict: z.string(),
  measurements: z.array(
    z.object({
      stream: z.string(),
      step: z.string(),
      metric: z.string(),
      interval: z.object({ low: z.number(), high: z.number().nullable() }).nullable(),
    }),
  ),
})

let place: Workplace
let before: string
beforeEach(() => {
  place = workplace()
  before = hostState()
})
afterEach(() => place.remove())

/** The backup loses power: whatever flows through the master goes on, by whichever way it came. */
const drillOf = (lab: string, probes: Record<string, string>): string => `scenario: kinds
question: Does every kind of probe reach what it is for?
red: it does not
lab: ${lab}
probes:
${Object.entries(probes)
  .map(([name, use]) => `  ${name}: { ${use} }`)
  .join('\n')}
steps:
  - { name: gone, fault: { vm-stop: { on: $backup } }, recoverWithin: 20s }
  - { name: back, heal: gone, recoverWithin: 60s }
expect:
  - { metric: gone.lost, stream: outside, max: 0, because: the master does not change }
`

const out = 'from: client, to: target, every: 200ms'
const labs: [string, Record<string, string>][] = [
  [
    'opnsense-dual-vip',
    {
      outside: `ping: { ${out} }`,
      outside6: `ping: { ${out}, family: 6 }`,
      shared: 'ping: { from: client, to: vip:lan, every: 200ms }',
      shared6: 'ping: { from: client, to: vip:lan, family: 6, every: 200ms }',
      fast: 'udp: { from: client, to: target, every: 50ms }',
      fast6: 'udp: { from: client, to: target, family: 6, every: 50ms }',
      names: `dns: { ${out} }`,
      page: `http: { ${out}, tls: true }`,
      page6: `http: { ${out}, family: 6 }`,
      inward: 'tcp-connect: { from: target, to: forward:2222, every: 200ms }',
      held: `tcp-session: { ${out}, sessions: 50 }`,
      held6: `tcp-session: { ${out}, family: 6, sessions: 5 }`,
      inwards: 'tcp-session: { from: target, to: forward:8007, every: 200ms, sessions: 5 }',
      shell: `ssh-session: { ${out}, sessions: 2 }`,
      transfer: 'bulk: { from: client, to: target, every: 50ms }',
    },
  ],
  [
    'pfsense-dmz',
    {
      outside: `ping: { ${out} }`,
      tunnel: 'ping: { from: private, to: tunnel:vpn, every: 200ms }',
      dmz: 'tcp-connect: { from: client, to: server, port: 22, every: 200ms }',
    },
  ],
]

test.each(labs)('every kind of probe flows through the pair of %s', { timeout: 200_000 }, async (lab, probes) => {
  const { stderr } = await place.run(['run', place.write('kinds.yaml', drillOf(lab, probes))])
  const { measurements } = resultSchema.parse(JSON.parse(place.latest('verdict.json')))
  for (const stream of Object.keys(probes)) {
    const own = measurements.filter((one) => one.stream === stream && one.step === 'gone')
    const kept = own.find(({ metric }) => metric === 'lost' || metric === 'sessionsAlive')
    expect({ stream, interval: kept?.interval }).toEqual({ stream, interval: expectedOf(probes[stream] ?? '') })
  }
  expect(readFileSync(`${place.folder}/reports/latest/report.html`, 'utf8').length).toBeGreaterThan(0)
  expect({ stderr, left: place.leftovers() }).toEqual({ stderr, left: [] })
  expect(hostState()).toBe(before)
})

/** Nothing is lost, and every session lives. */
function expectedOf(use: string): { low: number; high: number } {
  const isHeld = /^(?:tcp-session|ssh-session|bulk):/.test(use)
  const count = isHeld ? Number(/sessions: (\d+)/.exec(use)?.[1] ?? 1) : 0
  return { low: count, high: count }
}
