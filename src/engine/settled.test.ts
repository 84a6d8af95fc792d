import { describe, expect, test } from 'vitest'
import type { HaState } from '../model/ha-state.ts'
import { readLab } from '../plan/lab-file.ts'
import { latestStates, mastersOf, unsettledReasons } from './settled.ts'

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
const pair = (fw1: HaState | null, fw2: HaState | null) =>
  new Map([
    ['fw1', fw1],
    ['fw2', fw2],
  ] as const)

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

describe('the latest states', () => {
  test('are those of the last sample, and none where that is too old', () => {
    const sample = (node: string, sentMs: number, held: HaState | null) => ({
      type: 'ha-sample' as const,
      node,
      sentMs,
      ackedMs: sentMs + 5,
      atMs: sentMs + 5,
      state: held,
    })
    const events = [
      sample('fw1', 100, state('BACKUP')),
      sample('fw2', 110, state('BACKUP')),
      sample('fw1', 350, state('MASTER')),
    ]
    const states = latestStates(events, ['fw1', 'fw2'], 200)
    expect(states).toEqual(new Map([['fw1', state('MASTER')]]))
    expect(mastersOf(lab, states)).toEqual(['fw1'])
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
