import { expect, test } from 'vitest'
import { hostState } from './firedrill.fixture.ts'
import { bootLab } from './lab-boot.fixture.ts'
import type { BootedLab } from './lab-boot.fixture.ts'

/** From which machine to which address pings have to pass, by lab. */
const paths: [lab: string, pings: [from: string, to: string][]][] = [
  ['opnsense-single-wan', [['client', '192.168.66.10']]],
  [
    'opnsense-dual-vip',
    [
      ['client', '198.51.100.10'],
      ['client', '2001:db8:1:3::10'],
      ['target', '203.0.113.4'],
    ],
  ],
  [
    'pfsense-dmz',
    [
      ['client', '198.51.100.1'],
      ['server', '198.51.100.1'],
      ['private', '198.51.100.1'],
      ['private', '10.8.0.1'],
    ],
  ],
  ['opnsense-no-preempt', [['client', '192.168.66.10']]],
  [
    'pfsense-ovs-vxlan',
    [
      ['client', '198.51.100.10'],
      ['client2', '198.51.100.10'],
      ['client2', '172.16.0.50'],
    ],
  ],
]

const transition = / carp: \d+@vtnet\d: BACKUP -> MASTER /

test.each(paths)(
  '%s boots, settles, passes pings through its shared addresses, and leaves nothing',
  async (name, pings) => {
    const before = hostState()
    const lab = await bootLab(name)
    try {
      for (const [from, to] of pings)
        await expect.poll(() => ping(lab, from, to), { message: `${from} to ${to}` }).toContain('5/5/0%')
      await expect.poll(() => collected(lab)).toMatch(lab.lab.pair.syslog === undefined ? /^$/ : transition)
    } finally {
      expect(await lab.leave()).toEqual([])
      expect(hostState()).toBe(before)
    }
  },
)

/** What fping says of five pings. */
const ping = (lab: BootedLab, from: string, to: string): Promise<string> =>
  lab.run(from, `fping -q -c 5 -p 50 ${to} 2>&1 || :`)

/** What the collector of logs has; nothing yet is nothing. */
const collected = ({ run }: BootedLab): Promise<string> => run('target', 'cat /var/log/remote.log 2>/dev/null || :')
