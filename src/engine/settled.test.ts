import { describe, expect, test } from 'vitest'
import type { HaState } from '../model/ha-state.ts'
import { readLab } from '../plan/lab-file.ts'
import type { Event } from '../model/event.ts'
import { pairView } from './pair-view.ts'
import { latestRoles, mastersOf, unsettledReasons } from './settled.ts'

const lab = labOf('')
const state = (role: 'MASTER' | 'BACKUP' | 'INIT', change: Partial<HaState> = {}): HaState => ({
  vhids: [{ vhid: 1, nic: 'vtnet1', state: role, advbase: 1, advskew: 0 }],
  demotion: 0,
  allow: true,
  preempt: true,
  syncOk: true,
  maintenance: false,
  problem: null,
  ...change,
})
const pair = (fw1: HaState | null, fw2: HaState | null) => ({
  states: new Map([
    ['fw1', fw1],
    ['fw2', fw2],
  ] as const),
})

describe('a pair is settled', () => {
  test('when its primary is master, its secondary backup, and nothing is pending', () => {
    expect(unsettledReasons(lab, pair(state('MASTER'), state('BACKUP')))).toEqual([])
  })

  test('without state sync, when none is configured', () => {
    const without = { syncOk: null }
    expect(unsettledReasons(lab, pair(state('MASTER', without), state('BACKUP', without)))).toEqual([])
  })

  test('with the secondary as master, when the pair does not preempt', () => {
    expect(unsettledReasons(labOf('preempt: false'), pair(state('BACKUP'), state('MASTER')))).toEqual([])
  })
})

describe('a pair is not settled', () => {
  test.each([
    ['nobody is master', state('BACKUP'), state('BACKUP'), 'nobody is master for VHID 1'],
    ['both are master', state('MASTER'), state('MASTER'), 'fw1 and fw2 are both master for VHID 1'],
    ['a node does not answer', state('MASTER'), null, 'fw2 does not answer'],
    [
      'a node is in maintenance mode',
      state('MASTER', { maintenance: true }),
      state('BACKUP'),
      'fw1 is in maintenance mode',
    ],
    [
      'nobody tells the flag',
      state('MASTER', { maintenance: null }),
      state('BACKUP'),
      'fw1 does not tell whether it is in maintenance mode',
    ],
    [
      'nobody tells the demotion',
      state('MASTER'),
      state('BACKUP', { demotion: null }),
      'fw2 does not tell its demotion',
    ],
    ['a node is demoted', state('MASTER'), state('BACKUP', { demotion: 240 }), 'fw2 is demoted by 240'],
    ['CARP is disabled', state('MASTER'), state('INIT', { allow: false }), 'fw2 has CARP disabled'],
    [
      'the bulk update runs',
      state('MASTER'),
      state('BACKUP', { syncOk: false }),
      'fw2 waits for its state sync bulk update',
    ],
    [
      'the secondary is master of a preempting pair',
      state('BACKUP'),
      state('MASTER'),
      'fw1 is not master although it preempts',
    ],
  ])('while %s', (_, fw1, fw2, reason) => {
    expect(unsettledReasons(lab, pair(fw1, fw2))).toContain(reason)
  })
})

describe('what the recording tells of a pair', () => {
  const told = { atMs: 420, ackedMs: 420 }
  const sample = (node: string, sentMs: number, held: HaState | null, source = 'ssh'): Event => ({
    type: 'ha-sample',
    node,
    source,
    sentMs,
    ackedMs: sentMs + 5,
    atMs: sentMs + 5,
    state: held,
  })
  const table = (node: string, hostId: string, creatorIds: string[]): Event => ({
    type: 'sync-sample',
    node,
    sentMs: 410,
    ...told,
    hostId,
    creatorIds,
    syncOk: true,
    states: creatorIds.length,
  })

  test('are the latest roles, whatever told them, and none where that is too old', () => {
    const roles: Event = {
      type: 'role-sample',
      node: 'fw1',
      source: 'ssh',
      sentMs: 400,
      ...told,
      vhids: [{ vhid: 1, nic: 'vtnet1', state: 'MASTER' }],
    }
    const events = [sample('fw1', 100, state('BACKUP')), sample('fw2', 110, state('BACKUP')), roles]
    const latest = latestRoles(events, ['fw1', 'fw2'], 200)
    expect([...latest.keys()]).toEqual(['fw1'])
    expect(mastersOf(lab, latest)).toEqual(['fw1'])
  })

  test('is one state per node: what a source cannot tell is taken from another', () => {
    const events = [
      sample('fw1', 300, state('MASTER', { maintenance: null }), 'ssh'),
      sample('fw1', 310, state('MASTER', { demotion: null, syncOk: null }), 'rest'),
      sample('fw2', 300, state('BACKUP')),
    ]
    expect(unsettledReasons(lab, pairView(events, ['fw1', 'fw2'], 200))).toEqual([])
  })

  test('is not settled while sources differ, or releases do', () => {
    const events: Event[] = [
      { type: 'versions', hypervisor: 'x', machines: { fw1: 'OPNsense 25.7', fw2: 'OPNsense 26.1' }, atMs: 0 },
      sample('fw1', 300, state('MASTER'), 'ssh'),
      sample('fw1', 310, state('BACKUP'), 'rest'),
      sample('fw2', 300, state('BACKUP')),
    ]
    expect(unsettledReasons(lab, pairView(events, ['fw1', 'fw2'], 200))).toEqual([
      'sources differ on VHID 1 of fw1: MASTER by ssh, BACKUP by rest',
      'releases differ: fw1 runs OPNsense 25.7, fw2 runs OPNsense 26.1',
    ])
  })

  test('is not settled while the backup has none of the states that the master made', () => {
    const shared = labOf('stateSync: { network: lan }')
    const healthy = [sample('fw1', 300, state('MASTER')), sample('fw2', 300, state('BACKUP'))]
    const reasons = (tables: Event[]) =>
      unsettledReasons(shared, pairView([...healthy, ...tables], ['fw1', 'fw2'], 200))
    expect(reasons([table('fw1', 'aa', ['aa']), table('fw2', 'bb', ['bb'])])).toEqual([
      'fw2 has no state that fw1 made (creator aa)',
    ])
    expect(reasons([table('fw1', 'aa', ['aa']), table('fw2', 'bb', ['aa'])])).toEqual([])
    expect(reasons([table('fw1', 'aa', []), table('fw2', 'bb', [])])).toEqual([])
  })
})

function labOf(pairLine: string) {
  const reading = readLab(
    `lab: two
networks: { lan: { vlan: 102, subnet: 10.102.0.0/24 } }
machines: { fw1: { image: x, nics: { lan: 10.102.0.2/24 } }, fw2: { image: x, nics: { lan: 10.102.0.3/24 } } }
pair:
  primary: fw1
  secondary: fw2
  ${pairLine}
  vips: [{ network: lan, vhid: 1, address: 10.102.0.1/24, skew: { fw1: 0, fw2: 100 }, password: x }]
`,
    'lab.yaml',
  )
  if ('mistakes' in reading) throw new Error(reading.mistakes.map(({ message }) => message).join('; '))
  return reading.lab
}
