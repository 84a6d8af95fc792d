import { expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { drill } from '../analysis/fixture/drill.ts'
import { lab } from '../analysis/fixture/subject.ts'
import type { Step } from '../model/scenario.ts'
import { pass } from './check.ts'
import { judgeFailovers } from './failovers.ts'

const analysis = analyse(drill(), 'a'.repeat(64))
const [failover] = analysis.scenario.steps
const onSync = { ...lab, pair: { ...lab.pair, stateSync: { network: 'sync' } } }
const onLan = { ...lab, pair: { ...lab.pair, stateSync: { network: 'lan' } } }

function judged(fault: NonNullable<Step['fault']>, givenLab = onSync) {
  const step = { name: 'failover', recoverWithinMs: 30_000, ...failover, fault }
  const scenario = { ...analysis.scenario, steps: [step] }
  return judgeFailovers({ ...analysis, scenario, lab: givenLab }, () => pass('judged')).map(({ message }) => message)
}

test('another node has to take over when the master loses its power, or a link that a VHID may be on', () => {
  expect(judged({ kind: 'vm-stop', params: { on: '$master' } })).toEqual(['judged'])
  expect(judged({ kind: 'link-down', params: { on: ['$master'], network: 'wan' } })).toEqual(['judged'])
})

test('nobody has to where the master loses the link of state sync, unless a VHID is on it as well', () => {
  const fault = { kind: 'link-down', params: { on: '$master', network: 'sync' } }
  expect(judged(fault)).toEqual(['no step aims at $master'])
  expect(judged({ ...fault, params: { on: '$master', network: 'lan' } }, onLan)).toEqual(['judged'])
})

test('nobody has to where the backup is harmed', () => {
  expect(judged({ kind: 'vm-stop', params: { on: '$backup' } })).toEqual(['no step aims at $master'])
})
