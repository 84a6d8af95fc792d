import { afterEach, expect, it, vi } from 'vitest'
import { ask, jsonOf, textOf } from '../../client.fixture.ts'
import { keys } from '../../accounts.fixture.ts'
import { entry, fakeFirewall, siteOf } from '../../fake-firewall.fixture.ts'

const url = '/api/diagnostics/log/core/system'
const epoch = (time: string): number => Date.parse(`2026-11-21T${time}Z`) / 1000

afterEach(() => vi.useRealTimers())

it('rows come newest first, with local time and the kernel in raw', async () => {
  const reply = await ask(siteOf(fakeFirewall('opnsense', '25.7')), 'POST', url, {
    key: keys.all,
    json: { rowCount: 1, searchPhrase: 'carp' },
  })
  expect(jsonOf(reply)).toEqual({
    total: 1,
    rowCount: 1,
    current: 1,
    rows: [
      {
        timestamp: '2026-11-21T14:00:02',
        parser: 'SysLogFormatRFC5424',
        facility: 0,
        severity: 'Informational',
        process_name: 'kernel',
        pid: '',
        rnum: 1,
        line: 'carp: 1@vtnet1: BACKUP -> MASTER (master timed out)',
      },
    ],
    total_rows: 1,
    origin: 'system',
  })
})

it('what is older than asked for is left out but for one match', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  fake.log.push(entry('13:00:00', 'older'), entry('12:00:00', 'oldest'))
  const json = { validFrom: epoch('14:00:02'), rowCount: 500, severity: [] }
  const reply = await ask(siteOf(fake), 'POST', url, { key: keys.all, json })
  expect(jsonOf(reply)).toMatchObject({ rows: [{}, { line: 'booting' }], total_rows: 2 })
})

it('the download is CSV', async () => {
  const reply = await ask(siteOf(fakeFirewall('opnsense', '25.7')), 'GET', `${url}/export`, { key: keys.all })
  expect(reply.headers['content-type']).toMatch(/^text\/csv/)
  expect(textOf(reply)).toBe(
    'timestamp,severity,process_name,pid,line\n' +
      '2026-11-21T14:00:02,Informational,kernel,,"carp: 1@vtnet1: BACKUP -> MASTER (master timed out)"\n' +
      '2026-11-21T14:00:01,Informational,kernel,,booting\n',
  )
})

it('the feed tells older lines, new ones, and that it lives', async () => {
  vi.useFakeTimers()
  const fake = fakeFirewall('opnsense', '25.7')
  const reply = await ask(siteOf(fake), 'GET', `${url}/live?searchPhrase=carp&offset=1`, { key: keys.all })
  expect(reply.headers['content-type']).toBe('text/event-stream')
  const told: string[] = []
  const { body } = reply
  const stop = typeof body === 'string' ? () => undefined : body((text) => told.push(text))
  expect(told[0]).toMatch(/^event: message\ndata:\{"timestamp":"2026-11-21T14:00:02".*\}\n\n$/)
  fake.say(entry('14:00:03', 'carp: demoted by 240 to 240 (sysctl)'))
  fake.say(entry('14:00:04', 'something else'))
  vi.advanceTimersByTime(1000)
  stop()
  fake.say(entry('14:00:05', 'carp: too late'))
  vi.advanceTimersByTime(5000)
  expect(told.slice(1).map((text) => text.split('\n')[0])).toEqual(['event: log', 'event: keepalive'])
})
