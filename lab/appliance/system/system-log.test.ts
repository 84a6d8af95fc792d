import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSystemLog } from './system-log.ts'

let folder: string
let now: Date
const clock = { bootedAt: () => new Date(), set: () => undefined, now: () => now, uptimeSeconds: () => 754.3 }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-log-'))
  now = new Date('2026-07-26T20:45:31.9Z')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('OPNsense keeps a file a day, and a link to the newest', () => {
  const log = openSystemLog('opnsense', 'fw1.localdomain', clock, folder)
  log.kernel('carp: demoted by 240 to 240 (sysctl)')
  now = new Date('2026-07-27T00:00:01Z')
  log.program('opnsense', 'next day', 13)
  const read = (name: string): string => readFileSync(join(folder, 'system', name), 'utf8')
  expect(read('system_20260726.log')).toMatch(/<6>\[754\] carp: demoted by 240 to 240 \(sysctl\)\n$/)
  expect(read('latest.log')).toMatch(/^<13>1 2026-07-27.* next day\n$/)
})

it('pfSense keeps one file in the old format, without the prefix of the kernel', () => {
  openSystemLog('pfsense', 'fw1.localdomain', clock, folder).kernel('vtnet2: link state changed to DOWN')
  expect(readFileSync(join(folder, 'system.log'), 'utf8')).toBe(
    'Jul 26 20:45:31 fw1 kernel: vtnet2: link state changed to DOWN\n',
  )
})

it('is asked by words, time and severity, newest first, and remembers an earlier start', () => {
  openSystemLog('opnsense', 'fw1', clock, folder).program('sshd', 'before')
  const log = openSystemLog('opnsense', 'fw1', clock, folder)
  now = new Date('2026-07-26T20:46:00Z')
  log.kernel('carp: 1@vtnet1: INIT -> BACKUP (initialization complete)')
  log.kernel('carp: 1@vtnet1: BACKUP -> MASTER (master timed out)')
  const lines = (query: Parameters<typeof log.entries>[0]): number => log.entries(query).length
  expect(log.entries().map(({ process }) => process)).toEqual(['kernel', 'kernel', 'sshd'])
  expect(log.entries({ phrase: 'CARP vtnet1', limit: 1 })[0]?.line).toContain('master timed out')
  expect([lines({ since: now }), lines({ severities: [3] }), lines({ phrase: 'nobody' })]).toEqual([2, 1, 0])
})

it('who follows hears of each new line until they stop', () => {
  const log = openSystemLog('opnsense', 'fw1', clock, folder)
  const heard: string[] = []
  const stop = log.follow(({ line }) => heard.push(line))
  log.program('sshd', 'one')
  stop()
  log.program('sshd', 'two')
  expect(heard).toEqual(['one'])
})
