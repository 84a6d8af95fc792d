import { expect, test } from 'vitest'
import { hostState } from './firedrill.fixture.ts'
import { bootLab } from './lab-boot.fixture.ts'
import type { BootedLab } from './lab-boot.fixture.ts'

/** From which machine to which address pings have to pass, by lab. */
const paths: [lab: string, pings: [from: string, to: string][]][] = [
  ['opnsense-single-wan', [['client', '192.168.66.10']]],
]

test.each(paths)(
  '%s boots, settles, passes pings through its shared addresses, and leaves nothing',
  async (name, pings) => {
    const before = hostState()
    const lab = await bootLab(name)
    try {
      for (const [from, to] of pings) await expect.poll(() => ping(lab, from, to)).toContain('5/5/0%')
    } finally {
      expect(await lab.leave()).toEqual([])
      expect(hostState()).toBe(before)
    }
  },
)

/** What fping says of five pings. */
const ping = (lab: BootedLab, from: string, to: string): Promise<string> =>
  lab.run(from, `fping -q -c 5 -p 50 ${to} 2>&1 || :`)
