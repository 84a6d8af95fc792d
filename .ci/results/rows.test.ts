import { expect, it } from 'vitest'
import { rowsFor } from './rows.ts'
import type { Case } from './rows.ts'

it.each<[string, Case, string[]]>([
  ['a crash', { kind: 'vm-stop', action: 'fault', metric: 'takeover', preempt: true }, ['crash']],
  ['losses after a crash', { kind: 'vm-stop', action: 'fault', metric: 'lost', preempt: true }, ['crash', 'count']],
  ['a cable pull', { kind: 'link-down', action: 'fault', metric: 'outage', preempt: true }, ['carrier']],
  ['maintenance mode', { kind: 'carp-maintenance', action: 'fault', metric: 'outage', preempt: true }, ['told']],
  [
    'maintenance without preemption',
    { kind: 'carp-maintenance', action: 'fault', metric: 'moved', preempt: false },
    ['no-preempt', 'roles'],
  ],
  [
    'a cable pull without it',
    { kind: 'link-down', action: 'fault', metric: 'outage', preempt: false },
    ['carrier', 'no-preempt'],
  ],
  ['a cut path', { kind: 'path-down', action: 'fault', metric: 'dualMaster', preempt: true }, ['path', 'roles']],
  ['pf off', { kind: 'pf-disable', action: 'fault', metric: 'moved', preempt: true }, ['filter-off', 'roles']],
  [
    'the return of a master',
    { kind: 'vm-stop', action: 'heal', metric: 'sessionsAlive', preempt: true },
    ['return', 'sessions'],
  ],
  ['what no rule is nearer to', { kind: 'service-hang', action: 'fault', metric: 'outage', preempt: true }, ['metric']],
])('%s is explained by its own rules', (_, one, ids) => {
  expect(rowsFor(one).map(({ id }) => id)).toEqual(ids)
})

it('an invariant is explained by the rules of every drill', () => {
  expect(rowsFor(null).map(({ id }) => id)).toEqual(['invariant'])
})
