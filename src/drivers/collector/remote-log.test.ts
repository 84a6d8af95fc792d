import { expect, test } from 'vitest'
import { parseCollected, remoteLog } from './remote-log.ts'

const opnsense =
  '2026-11-21T11:52:14.123456Z 192.168.148.232 <6>1 2026-11-21T11:52:14+00:00 fw2 kernel - - <6>[754] carp: 148@vtnet1: BACKUP -> MASTER (master timed out)'
const pfsense =
  '2026-11-21T11:52:14.500000Z 203.0.113.3 <6>Nov 21 11:52:14 fw2.firedrill.test kernel: carp: 1@vtnet0: MASTER -> INIT (hardware interface down)'

test('a role change is read from either product’s line, with the collector’s own time', () => {
  expect(parseCollected(opnsense)).toEqual({
    wallMs: Date.UTC(2026, 10, 21, 11, 52, 14, 123) + 0.456,
    node: 'fw2',
    vhid: 148,
    from: 'BACKUP',
    to: 'MASTER',
  })
  expect(parseCollected(pfsense)).toMatchObject({ node: 'fw2', vhid: 1, from: 'MASTER', to: 'INIT' })
})

test.each([
  '',
  'carp: 1@vtnet0: BACKUP -> MASTER (x)',
  opnsense.replace('BACKUP', 'ASLEEP'),
  opnsense.replace('2026-11-21T11:52:14.123456Z', 'then'),
])('%j tells of none', (line) => {
  expect(parseCollected(line)).toBeNull()
})

test('the collector is asked for its time and its lines at once', async () => {
  const collector = remoteLog({ run: () => Promise.resolve(`1795262000123456789\n${opnsense}\nnoise\n`) }, 'target')
  const { wallMs, lines } = await collector.read(AbortSignal.timeout(1000))
  expect(wallMs).toBeCloseTo(1_795_262_000_123.457, 2)
  expect(lines).toHaveLength(1)
})

test('one that does not tell its time is refused', async () => {
  const collector = remoteLog({ run: () => Promise.resolve('sh: date: not found\n') }, 'target')
  await expect(collector.read(AbortSignal.timeout(1000))).rejects.toThrow('expected the time of target')
})
