import { expect, it } from 'vitest'
import { formatLine } from './system-log.ts'

it('a kernel line carries the RFC 5424 head and its raw prefix', () => {
  const text = '<6>[754] carp: 9@vtnet2: INIT -> BACKUP (initialization complete)'
  const entry = {
    priority: 6,
    at: new Date('2026-07-26T20:45:31.9Z'),
    hostName: 'fw1.localdomain',
    name: 'kernel',
    sequence: 7,
    text,
  }
  expect(formatLine(entry)).toBe(
    '<6>1 2026-07-26T20:45:31+00:00 fw1.localdomain kernel - - [meta sequenceId="7"] <6>[754] carp: 9@vtnet2: INIT -> BACKUP (initialization complete)\n',
  )
})
