import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { machineRefSchema, nameSchema } from '../model/name.ts'
import { readLab } from './lab-file.ts'
import { formatMistake } from './mistake.ts'
import { readScenario } from './scenario-file.ts'
import type { Kinds } from './scenario-file.ts'

const root = join(import.meta.dirname, '..', '..')
const labs = join(root, 'lab/topologies')
const labText = readFileSync(join(root, 'lab/topologies/opnsense-single-wan.yaml'), 'utf8')
const scenarioText = readFileSync(join(root, 'scenarios/opnsense-single-wan/master-power-off.yaml'), 'utf8')

const stream = z.strictObject({ from: nameSchema, to: nameSchema, every: durationSchema })
const kinds: Kinds = {
  faults: {
    'vm-stop': z.strictObject({ on: machineRefSchema }),
    'link-down': z.strictObject({ on: machineRefSchema, network: nameSchema }),
  },
  probes: { ping: stream, 'tcp-session': stream, 'ssh-session': stream },
  streamClasses: { ping: 'packets', 'tcp-session': 'sessions', 'ssh-session': 'sessions' },
}

const reading = readLab(labText, 'lab.yaml')
const lab = 'lab' in reading ? reading.lab : null

const mistakesOf = (text: string): string[] => {
  const result = readScenario(text, 'drill.yaml', kinds, lab)
  return 'mistakes' in result ? result.mistakes.map(formatMistake) : []
}

describe('the scenario that comes with firedrill', () => {
  test('is sound, with every duration in milliseconds', () => {
    const result = readScenario(scenarioText, 'drill.yaml', kinds, lab)
    expect(result).toMatchObject({
      scenario: {
        gate: { cleanForMs: 5000, settleWithinMs: 90_000 },
        probes: { outside: { kind: 'ping', params: { from: 'client', to: 'target', every: 200 } } },
        steps: [
          { name: 'failover', recoverWithinMs: 30_000 },
          { name: 'failback', heal: 'failover' },
        ],
      },
    })
  })
})

describe('a scenario with mistakes', () => {
  test('names a network that the lab does not have', () => {
    const fault = (network: string) =>
      scenarioText.replace('vm-stop: { on: $master }', `link-down: { on: $master, network: ${network} }`)
    expect(mistakesOf(fault('wan'))).toEqual([])
    expect(mistakesOf(fault('wann'))).toEqual([
      'drill.yaml:15:67: expected a network of the lab, got "wann"; did you mean "wan"?',
    ])
  })

  test('is refused with all of them at once, each with its place and the nearest valid name', () => {
    const text = scenarioText
      .replace('recoverWithin: 30s', 'recoverWithing: 30s')
      .replace('held: { tcp-session: { from: client', 'held: { tcp-session: { from: clinet')
      .replace('metric: failback.outage', 'metric: failback.outtage')
    expect(mistakesOf(text)).toEqual([
      'drill.yaml:11:32: expected a machine of the lab, got "clinet"; did you mean "client"?',
      'drill.yaml:15:60: expected a known key, got "recoverWithing"; did you mean "recoverWithin"?',
      'drill.yaml:31:13: expected a metric after the dot, got "outtage"; did you mean "outage"?',
    ])
  })

  test.each([
    ['a duration without a unit', 'every: 200ms', 'every: 5', /expected a duration with its unit.*got 5/],
    ['a negative duration', 'every: 200ms', 'every: -1s', /expected a duration with its unit.*got "-1s"/],
    ['an endless duration', 'every: 200ms', 'every: 1e9h', /expected a duration with its unit.*got "1e9h"/],
    ['a day too many', 'recoverWithin: 30s', 'recoverWithin: 48h', /at most 24h, got "48h"/],
    [
      'an unknown role',
      'on: $master',
      'on: $mastr',
      /expected a machine of the lab, got "\$mastr"; did you mean "\$master"\?/,
    ],
    ['an unknown fault', 'vm-stop:', 'vm-stp:', /expected a known key, got "vm-stp"; did you mean "vm-stop"\?/],
    ['an unknown probe kind', 'ping:', 'pong:', /expected a known key, got "pong"; did you mean "ping"\?/],
    [
      'an unknown stream',
      'stream: shell',
      'stream: shel',
      /expected a probe of this scenario, got "shel"; did you mean "shell"\?/,
    ],
    [
      'a metric of the wrong kind of stream',
      'stream: outside',
      'stream: held',
      /expected a probe of packets for outage, got "held"/,
    ],
    [
      'a role metric of a stream',
      'metric: failover.takeover\n    stream: outside',
      'metric: failover.dualMaster\n    stream: outside',
      /expected pair for dualMaster, got "outside"/,
    ],
    [
      'a difference between streams of one stream',
      'metric: failover.takeover\n    stream: outside',
      'metric: failover.asymmetry\n    stream: outside',
      /expected pair for asymmetry, which is told of both firewalls together, got "outside"/,
    ],
    [
      'losses of the pair',
      'metric: failover.takeover\n    stream: outside',
      'metric: failover.lost\n    stream: pair',
      /expected a probe of this scenario, got "pair"/,
    ],
    ['a probe called pair', '  outside: {', '  pair: {', /expected another name for a probe/],
    ['a count with a unit', 'min: 1,', 'min: 1s,', /expected a number without a unit for sessionsAlive, got "1s"/],
    [
      'a duration limit without one',
      'max: 4500ms',
      'max: 4500',
      /expected a duration with its unit, like 4500ms for outage, got 4500/,
    ],
    [
      'a heal of nothing',
      'heal: failover',
      'heal: failovr',
      /expected an earlier step with a fault, got "failovr"; did you mean "failover"\?/,
    ],
    [
      'a step name used twice',
      'name: failback',
      'name: failover',
      /expected a step name used once, got "failover" again/,
    ],
    [
      'a claim that is measured and not testable',
      "text: 'even my SSH session stayed alive',",
      "text: 'even my SSH session stayed alive', notTestable: no shell,",
      /expected metric, stream and a limit \(min, max or both\), or notTestable alone/,
    ],
    [
      'a silence of all packets',
      'recoverWithin: 30s',
      'silences: [outside], recoverWithin: 30s',
      /expected a probe of packets that is not silenced/,
    ],
    [
      'a silence of a session',
      'recoverWithin: 30s',
      'silences: [held], recoverWithin: 30s',
      /expected a probe of packets of this scenario, got "held"/,
    ],
    ['a missing question', /^question:.*\n/m, '', /question: expected string, got nothing/],
    [
      'a path in a name',
      'scenario: master-power-off',
      'scenario: ../../etc/passwd',
      /expected a name of letters, digits and dashes/,
    ],
    [
      'a key given twice',
      'lab: opnsense-single-wan',
      'lab: opnsense-single-wan\nlab: other',
      /Map keys must be unique/,
    ],
    ['no expectation', /^expect:[\s\S]*?(?=claims:)/m, 'expect: []\n', /a drill without one proves nothing/],
  ])('%s is named', (_, from, to, message) => {
    const changed = scenarioText.replace(from, to)
    expect(changed).not.toBe(scenarioText)
    expect(mistakesOf(changed).join('\n')).toMatch(message)
  })

  test('an alias bomb is refused', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'
        .split('')
        .map(
          (name, i) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefg'.charAt(i)}`).join(', ')}]`,
        ),
    ].join('\n')
    expect(mistakesOf(bomb).join('\n')).toMatch(/alias/i)
  })

  test('a file of ten megabytes is refused unread', () => {
    expect(mistakesOf('x: y\n'.repeat(2_100_000)).join('\n')).toMatch(/expected at most 100000 characters/)
  })

  test('whatever the text, it is refused or understood, never a crash', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), damaged(scenarioText)), (text) => {
        const result = readScenario(text, 'drill.yaml', kinds, lab)
        expect('scenario' in result || result.mistakes.length > 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a lab file', () => {
  test.each(readdirSync(labs).filter((name) => name.endsWith('.yaml')))('%s is sound', (name) => {
    const text = readFileSync(join(labs, name), 'utf8')
    expect(readLab(text, name)).toHaveProperty('lab.lab', name.replace('.yaml', ''))
  })

  test('that refers to networks and machines it does not have is refused with their places', () => {
    const text = labText
      .replace('sync: 10.103.0.3/24', 'synk: 10.103.0.3/24')
      .replace('secondary: fw2', 'secondary: fw3')
    const result = readLab(text, 'lab.yaml')
    expect('mistakes' in result ? result.mistakes.map(formatMistake) : []).toEqual([
      expect.stringMatching(/^lab\.yaml:\d+:\d+: expected a network of this lab, got "synk"; did you mean "sync"\?$/),
      expect.stringMatching(/^lab\.yaml:\d+:\d+: expected a machine of this lab, got "fw3"; did you mean "fw1"\?$/),
    ])
  })

  test.each([
    ['a network of both kinds', 'vlan: 102,', 'vlan: 102, vxlan: 7,', 'expected either vlan or vxlan, got both'],
    ['a network of neither', 'vlan: 102, ', '', 'expected either vlan or vxlan, got neither'],
    ['an unknown log collector', 'preempt: true', 'syslog: targt', 'got "targt"; did you mean "target"?'],
    [
      'a skew of a machine that is no firewall',
      'skew: { fw1: 0, fw2: 100 }',
      'skew: { fw1: 0, target: 100 }',
      'expected a firewall of the pair, got "target"',
    ],
    [
      'a tunnel to a machine that offers none',
      'preempt: true',
      'vpn: { endpoint: isp, for: [client] }',
      'expected a machine with vpn: { tunnel }, got "isp"',
    ],
    [
      'a forward to a machine that is not there',
      'preempt: true',
      "forwards: [{ network: wan, port: 22, to: 'clint:22' }]",
      'got "clint"; did you mean "client"?',
    ],
    [
      'IPv4 where IPv6 belongs',
      '10.102.0.50/24',
      '[10.102.0.50/24, 10.102.0.51/24]',
      'expected an IPv6 address with its prefix',
    ],
  ])('with %s is refused', (_what, from, to, message) => {
    const result = readLab(labText.replace(from, to), 'lab.yaml')
    const lines = 'mistakes' in result ? result.mistakes.map(formatMistake) : []
    expect(lines).toEqual([expect.stringMatching(/^lab\.yaml:\d+:\d+: /)])
    expect(lines[0]).toContain(message)
  })
})

/** The text with one stretch of it replaced by something else. */
function damaged(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 20 }))
    .map(([start, length, noise]) => text.slice(0, start) + noise + text.slice(start + length))
}
