import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HarnessError } from '../../../model/failure.ts'
import { parseBootTime } from './boot-time.ts'
import { parseCarpLines } from './carp-lines.ts'
import { parseCarpSysctls } from './carp-sysctls.ts'
import { parseKernelLine } from './kernel-log.ts'
import { parseBsdTime, parseIsoTime, parsePhpTime } from './local-time.ts'
import { parseLogLine } from './log-line.ts'
import { parseCounters } from './netstat-counters.ts'
import { parseCreators, parsePfInfo, parseStateLimit } from './pf-info.ts'
import { parsePfsyncStatus } from './pfsync-status.ts'

const info = `Status: Enabled for 0 days 00:00:38           Debug: Urgent
Hostid:   0xa2e0f312

State Table                          Total             Rate
  current entries                       27               
  searches                           14195          373.6/s
  inserts                              312            8.2/s
  removals                             285            7.5/s
`

describe('pf', () => {
  test('tells whether it is on, who it is, and how many states it has and had', () => {
    expect(parsePfInfo(info)).toEqual({ isEnabled: true, hostId: 'a2e0f312', current: 27, inserts: 312 })
    expect(parsePfInfo(info.replace('0xa2e0f312', '0x2e0f312')).hostId).toBe('02e0f312')
    expect(parsePfInfo(info.replace('Enabled', 'Disabled')).isEnabled).toBe(false)
  })

  test('of which what it does not say is unknown, and what it must say an error', () => {
    const bare =
      'Status: Enabled for 0 days\n\nState Table   Total   Rate\n  current entries                       27\n'
    expect(parsePfInfo(bare)).toEqual({ isEnabled: true, hostId: null, current: 27, inserts: null })
    for (const text of [
      '',
      'Status: Enabled\n',
      'Status: Sleeping\n  current entries   1\n',
      'pfctl: permission denied',
    ])
      expect(() => parsePfInfo(text)).toThrow(HarnessError)
  })

  test('names the creators of its states and the limit of their number', () => {
    expect(parseCreators('Creator IDs:\na2e0f312\n0badcafe\na2e0f312\n')).toEqual(['a2e0f312', '0badcafe'])
    expect(parseCreators('')).toEqual([])
    expect(parseStateLimit('states        hard limit   100000\nsrc-nodes     hard limit    10000\n')).toBe(100_000)
    expect(parseStateLimit('')).toBeNull()
  })
})

test('counters of netstat are known by their words, in the plural', () => {
  const text = `pfsync:
	1204 packets received (IPv4)
	1 packet discarded for bad version
	0 states discarded for bad values
	3 send errors
	input histogram:
		insert: 12
`
  expect(parseCounters(text)).toEqual({
    'packets received (IPv4)': 1204,
    'packets discarded for bad version': 1,
    'states discarded for bad values': 0,
    'send errors': 3,
  })
})

test.each([
  [
    '<6>[757] carp: 9@vtnet2: BACKUP -> MASTER (master timed out)',
    { kind: 'transition', vhid: 9, nic: 'vtnet2', from: 'BACKUP', to: 'MASTER', reason: 'master timed out' },
    757,
  ],
  [
    'carp: 1@vtnet0_vlan20: MASTER -> INIT (hardware interface down)',
    {
      kind: 'transition',
      vhid: 1,
      nic: 'vtnet0_vlan20',
      from: 'MASTER',
      to: 'INIT',
      reason: 'hardware interface down',
    },
    null,
  ],
  [
    '<6>[819] carp: demoted by -240 to 0 (pfsync bulk fail)',
    { kind: 'demotion', by: -240, to: 0, reason: 'pfsync bulk fail' },
    819,
  ],
  ['[369283] vtnet2: link state changed to DOWN', { kind: 'link', nic: 'vtnet2', state: 'DOWN' }, 369_283],
])('the kernel line %j is understood', (line, event, uptimeSeconds) => {
  expect(parseKernelLine(line)).toEqual({ event, uptimeSeconds })
})

test.each([
  '',
  '<6>[1] usb0: something',
  'carp: demoted',
  'carp: 1@vtnet0: MASTER -> SLAVE (x)',
  'x carp: 1@a: INIT -> BACKUP (y)',
])('the kernel line %j is none of CARP', (line) => {
  expect(parseKernelLine(line)).toBeNull()
})

describe('the system log', () => {
  const nearMs = Date.UTC(2026, 0, 1, 12)

  test('of OPNsense has its time in local time, with a zone or without', () => {
    const line =
      '<6>1 2026-07-26T20:45:31+02:00 fw1.example kernel - - [meta sequenceId="8"] <6>[754] carp: demoted by 240 to 240 (pfsync bulk start)'
    expect(parseLogLine(line, nearMs)).toEqual({
      atMs: Date.UTC(2026, 6, 26, 20, 45, 31),
      resolutionMs: 1000,
      uptimeSeconds: 754,
      event: { kind: 'demotion', by: 240, to: 240, reason: 'pfsync bulk start' },
    })
    expect(parseLogLine(line.replace(':31+', ':31.250+'), nearMs)).toMatchObject({
      atMs: Date.UTC(2026, 6, 26, 20, 45, 31, 250),
      resolutionMs: 1,
    })
  })

  test('of pfSense has no year; the nearest is meant', () => {
    const line = 'Dec 31 23:59:59 fw1 kernel: carp: 1@vtnet0: INIT -> BACKUP (initialization complete)'
    expect(parseLogLine(line, nearMs)?.atMs).toBe(Date.UTC(2025, 11, 31, 23, 59, 59))
    expect(parseLogLine(line.replace('fw1 ', ''), nearMs)?.event.kind).toBe('transition')
  })

  test('has other lines, and lines of other programs, which say nothing', () => {
    const other = '<13>1 2026-07-26T20:45:31+02:00 fw1 sshd 77 - - carp: demoted by 240 to 240 (x)'
    expect(parseLogLine(other, nearMs)).toBeNull()
    expect(parseLogLine('<6>1 yesterday fw1 kernel - - - carp: demoted by 240 to 240 (x)', nearMs)).toBeNull()
  })
})

test('times of a node are read on one scale', () => {
  expect(parsePhpTime('Sun Jul 26 20:45:31 CEST 2026')).toBe(Date.UTC(2026, 6, 26, 20, 45, 31))
  expect(parsePhpTime('Sun Jul 6 9:05:01 +03 2026')).toBe(Date.UTC(2026, 6, 6, 9, 5, 1))
  expect(parsePhpTime('2026-07-26')).toBeNull()
  expect(parseIsoTime('2026-07-26T20:45:31.N')).toEqual({ ms: Date.UTC(2026, 6, 26, 20, 45, 31), resolutionMs: 1000 })
  expect(parseBsdTime('Foo 26 20:45:31', 0)).toBeNull()
  expect(parseBootTime('{ sec = 1753561234, usec = 12 } Sat Jul 26 20:20:34 2025\n')).toBe(1_753_561_234)
  expect(() => parseBootTime('never')).toThrow(HarnessError)
})

test('any text is understood or refused, never a crash', () => {
  const samples = info
    .split('\n')
    .concat('\tcarp: MASTER vhid 1 advbase 1 advskew 0', 'vtnet0: flags=8', 'net.inet.carp.allow: 1')
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(fc.constantFrom(...samples), fc.string())).map((lines) => lines.join('\n')),
  )
  const parsers = [
    parsePfInfo,
    parseStateLimit,
    parseCreators,
    parseCounters,
    parseKernelLine,
    parseBootTime,
    parseCarpLines,
    parseCarpSysctls,
    parsePfsyncStatus,
    parseIsoTime,
    parsePhpTime,
  ]
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(...parsers, (line: string) => parseLogLine(line, 0)),
      (each, parse) => {
        expect(outcomeOf(() => parse(each))).toBe('understood or refused')
      },
    ),
    { numRuns: 500 },
  )
})

function outcomeOf(parse: () => unknown): string {
  try {
    parse()
    return 'understood or refused'
  } catch (error) {
    return error instanceof HarnessError ? 'understood or refused' : String(error)
  }
}
