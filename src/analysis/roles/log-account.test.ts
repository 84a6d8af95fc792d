import { expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { logReadMs, loggedChanges } from './log-account.ts'

const zeroMs = 1_790_003_600_000
const transition = {
  kind: 'transition',
  vhid: 1,
  nic: 'vtnet1',
  from: 'BACKUP',
  to: 'MASTER',
  reason: 'master timed out',
}

const logOf = (node: string): Event[] => [
  { type: 'log-clock', atMs: 100, node, zeroMs, boundMs: 5 },
  {
    type: 'carp-log',
    atMs: 9000,
    node,
    sentMs: 8990,
    ackedMs: 9000,
    entries: [
      { atMs: zeroMs + 4000, resolutionMs: 1000, uptimeSeconds: 60, event: { ...transition, kind: 'transition' } },
    ],
  },
]

const planned = (what: string): Event => ({ type: 'undo', atMs: 3000, id: 'step', state: 'planned', what })

test('the log of a node whose clock a fault has stepped tells no times, and counts as unread', () => {
  const read = (what: string) => {
    const facts = factsOf([...logOf('fw1'), ...logOf('fw2'), planned(what)])
    return [loggedChanges(facts).map(({ node }) => node), logReadMs(facts, 'fw1'), logReadMs(facts, 'fw2')]
  }
  expect(read('vm-stop on fw1')).toEqual([['fw1', 'fw2'], 8990, 8990])
  expect(read('clock-step on fw1')).toEqual([['fw2'], null, 8990])
  expect(read('clock-step on fw1, fw2')).toEqual([[], null, null])
})
