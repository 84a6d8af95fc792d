import { beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import { commandCarpLog } from './carp-log.ts'
import { commandCarpOverride } from './carp-override.ts'
import type { Commander } from './commander.ts'
import { commandHaReader } from './ha-reader.ts'
import { commandPacketFilter } from './packet-filter.ts'
import { renderSections, splitSections } from './sections.ts'
import { commandStateSync } from './state-sync.ts'
import { commandSystemReader } from './system-reader.ts'

const { signal } = new AbortController()
const clock = { nowMs: () => 0, sleep: async () => {} }

/** A node that answers by the start of the script; `ran` is what it was told. */
let answers: { starts: string; text: string | (() => string) }[]
let ran: string[]
let atMs: number

beforeEach(() => {
  answers = []
  ran = []
  atMs = 0
})

const commander: Commander = {
  run: async (node, script) => {
    ran.push(script)
    const found = answers.find(({ starts }) => script.startsWith(starts))
    if (found === undefined) throw new HarnessError(`${node} failed a command: ${script}`, { exitCode: 69 })
    const sentMs = (atMs += 10)
    return { text: typeof found.text === 'string' ? found.text : found.text(), sentMs, ackedMs: (atMs += 10) }
  },
}

const sections = (parts: Record<string, string>) =>
  `${Object.entries(parts)
    .map(([name, text]) => `firedrill: ${name}\n${text}`)
    .join('')}firedrill: end\n`

test('several commands are one script, and their outputs come apart by name', () => {
  expect(renderSections({ one: 'a', two: 'b' })).toBe(
    'echo "firedrill: one"; a; echo "firedrill: two"; b; echo "firedrill: end"',
  )
  const part = splitSections(['one', 'two'], sections({ one: '1\n2\n', two: '' }))
  expect([part('one'), part('two')]).toEqual(['1\n2', ''])
  for (const torn of ['', 'firedrill: one\nfiredrill: end\n', 'x\nfiredrill: one\nfiredrill: two\nfiredrill: end\n'])
    expect(() => splitSections(['one', 'two'], torn)).toThrow(HarnessError)
})

test('pf is turned off and on by commands that are not given twice, and looked at afterwards', async () => {
  let status = 'Enabled'
  answers = [
    { starts: 'pfctl -si', text: () => `Status: ${status} for 1 day\n  current entries      3\n` },
    { starts: 'pfctl -d', text: () => ((status = 'Disabled'), 'pf disabled\n') },
    { starts: 'pfctl -e', text: () => 'pf enabled\n' },
  ]
  const filter = commandPacketFilter(commander)
  await filter.disable('fw1', signal)
  await filter.disable('fw1', signal)
  expect(ran.filter((script) => script === 'pfctl -d')).toHaveLength(1)
  expect(await filter.isEnabled('fw1', signal)).toBe(false)
  await expect(filter.enable('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
})

test('states and their sync are told with the interval of the reading', async () => {
  const text = sections({
    info: 'Status: Enabled for 1 day\nHostid:   0xa2e0f312\n  current entries      27   \n  inserts      312    8.2/s\n',
    limits: 'states        hard limit   100000\n',
    creators: 'Creator IDs:\n0badcafe\na2e0f312\n',
    pfsync: 'pfsync0: flags=41<UP,RUNNING> metric 0\n\tsyncdev: vtnet2 maxupd: 128\n\tsyncok: 1\n',
    counters: 'pfsync:\n\t12 packets received (IPv4)\n',
  })
  answers = [{ starts: 'echo "firedrill: info"', text }]
  expect(await commandStateSync(commander).read('fw1', signal)).toEqual({
    sentMs: 10,
    ackedMs: 20,
    hostId: 'a2e0f312',
    creatorIds: ['0badcafe', 'a2e0f312'],
    syncOk: true,
    states: { current: 27, limit: 100_000 },
    inserts: 312,
    counters: { 'packets received (IPv4)': 12 },
  })
})

const ha = (demotion: number, state: string) =>
  sections({
    ifconfig: `vtnet0: flags=1\n\tcarp: ${state} vhid 1 advbase 1 advskew 0\nvtnet1: flags=1\n\tcarp: ${state} vhid 2 advbase 1 advskew 0\n`,
    carp: `net.inet.carp.allow: 1\nnet.inet.carp.preempt: 1\nnet.inet.carp.demotion: ${demotion}\n`,
    pfsync: '',
    flag: '0\n',
  })

test('every VHID is forced to backup at once, and a node that stays master is an error', async () => {
  let state = 'MASTER'
  answers = [
    { starts: 'echo', text: () => ha(0, state) },
    {
      starts: 'ifconfig vtnet0 vhid 1 state backup && ifconfig vtnet1 vhid 2 state backup',
      text: () => ((state = 'BACKUP'), ''),
    },
  ]
  const override = commandCarpOverride(commander, commandHaReader(commander), clock)
  await override.forceBackup('fw1', signal)
  answers = [
    { starts: 'echo', text: ha(0, 'MASTER') },
    { starts: 'ifconfig', text: '' },
  ]
  await expect(override.forceBackup('fw1', signal)).rejects.toThrow('it is master for VHID 1, 2')
})

test('a demotion is taken off whole, whatever its sign; one that comes back is stuck', async () => {
  let demotion = -240
  const reading = { starts: 'echo', text: () => ha(demotion, 'BACKUP') }
  answers = [reading, { starts: 'sysctl net.inet.carp.demotion=240', text: () => ((demotion = 0), '') }]
  const override = commandCarpOverride(commander, commandHaReader(commander), clock)
  await override.clearDemotion('fw1', signal)
  await override.clearDemotion('fw1', signal)
  expect(ran.filter((script) => script.startsWith('sysctl'))).toHaveLength(1)
  demotion = 2880
  answers = [reading, { starts: 'sysctl', text: '' }]
  await expect(override.clearDemotion('fw1', signal)).rejects.toMatchObject({ kind: 'demotion-stuck' })
})

test.each([
  ['OPNsense 25.7.3_7 (amd64)\n', '', { product: 'OPNsense', release: '25.7.3_7' }],
  ['OPNsense 26.1-amd64\n', '', { product: 'OPNsense', release: '26.1' }],
  ['', '2.8.0-RELEASE\n', { product: 'pfSense', release: '2.8.0' }],
])('a system that says %j and %j is known with its boot time', async (opnsense, pfsense, system) => {
  const text = sections({ opnsense, pfsense, boot: '{ sec = 1753561234, usec = 12 } Sat\n', now: '1753561334\n' })
  answers = [{ starts: 'echo', text }]
  expect(await commandSystemReader(commander).read('fw1', signal)).toEqual({
    ...system,
    uptimeSeconds: 100,
    bootTime: 1_753_561_234,
  })
})

test('a system that says nothing of itself is an error', async () => {
  answers = [
    {
      starts: 'echo',
      text: sections({ opnsense: '', pfsense: '', boot: '{ sec = 1753561234 }\n', now: '1753561334\n' }),
    },
  ]
  await expect(commandSystemReader(commander).read('fw1', signal)).rejects.toMatchObject({ kind: 'not-understood' })
})

test('the log is told oldest first from a given time on, whole seconds included, and its clock with a bound', async () => {
  const line = (second: number, vhid: number) =>
    `<6>1 2026-07-26T20:45:${second}+02:00 fw1 kernel - - - <6>[7] carp: ${vhid}@vtnet0: BACKUP -> MASTER (master timed out)\n`
  answers = [
    { starts: 'cat /dev/null', text: line(33, 3) + line(31, 1) + line(30, 9) + 'garbage\n' },
    { starts: 'date', text: '2026-07-26T20:45:34.123456789\n' },
  ]
  const log = commandCarpLog(commander, clock)
  const sinceMs = Date.UTC(2026, 6, 26, 20, 45, 31, 900)
  const entries = await log.entries('fw1', sinceMs, signal)
  expect(entries.map(({ atMs: ms }) => ms - sinceMs)).toEqual([-900, 1100])
  const { zeroMs, boundMs } = await log.clock('fw1', signal)
  expect(boundMs).toBeCloseTo(5, 3)
  expect(Math.abs(zeroMs - (Date.UTC(2026, 6, 26, 20, 45, 34, 123) - 35))).toBeLessThan(6)
})
