import { expect, it } from 'vitest'
import { formatBsd, formatRfc5424, parseLine } from './log-line.ts'

const text = 'carp: 9@vtnet2: INIT -> BACKUP (initialization complete)'
const at = new Date('2026-07-06T20:45:31.9Z')
const kernel = { priority: 6, at, hostName: 'fw1.localdomain', name: 'kernel', text }

it('an OPNsense line carries the RFC 5424 head and the raw prefix of the kernel', () => {
  expect(formatRfc5424({ ...kernel, text: `<6>[754] ${text}` }, 7)).toBe(
    '<6>1 2026-07-06T20:45:31+00:00 fw1.localdomain kernel - - [meta sequenceId="7"] <6>[754] carp: 9@vtnet2: INIT -> BACKUP (initialization complete)',
  )
})

it('a pfSense line has neither year nor zone', () => {
  expect(formatBsd(kernel)).toBe('Jul  6 20:45:31 fw1 kernel: carp: 9@vtnet2: INIT -> BACKUP (initialization complete)')
  expect(formatBsd({ ...kernel, name: 'php-fpm', pid: '341' })).toMatch(/^Jul  6 20:45:31 fw1 php-fpm\[341\]: carp/)
})

it('both are read again, the year that is missing taken from the clock', () => {
  const wanted = { at: new Date('2026-07-06T20:45:31Z'), process: 'kernel', pid: '', line: text, severity: 6 }
  expect(parseLine(formatRfc5424(kernel, 1), at)).toMatchObject(wanted)
  expect(parseLine(formatBsd(kernel), at)).toMatchObject(wanted)
  const december = formatBsd({ ...kernel, at: new Date('2025-12-31T23:59:59Z') })
  expect(parseLine(december, new Date('2026-01-01T00:10:00Z'))?.at).toEqual(new Date('2025-12-31T23:59:59Z'))
  expect(parseLine('no line', at)).toBeUndefined()
})
