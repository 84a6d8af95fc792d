import { beforeEach, expect, test } from 'vitest'
import { lab } from '../analysis/fixture/subject.ts'
import { possibleMachines, readReference } from '../model/name.ts'
import type { FaultTools } from './fault.ts'
import { faults } from './index.ts'

type Power = 'running' | 'paused' | 'stopped'
let power: Record<string, Power>
let starts: Record<string, number>
let nowMs: number

beforeEach(() => {
  power = { fw1: 'running', fw2: 'running' }
  starts = { fw1: 1, fw2: 1 }
  nowMs = 0
})

const none = () => Promise.reject(new Error('not asked here'))
const becomes = (state: Power, isNewStart: boolean) => (machine: string) => {
  power[machine] = state
  if (isNewStart) starts[machine] = (starts[machine] ?? 0) + 1
  return Promise.resolve({ sentMs: nowMs, ackedMs: nowMs })
}
const answer = (machine: string) =>
  power[machine] === 'running' ? Promise.resolve(`${starts[machine]}\n`) : Promise.reject(new Error('no answer'))
const tools = (): FaultTools => ({
  hypervisor: {
    version: none,
    powerState: (machine) => Promise.resolve(power[machine] === 'stopped' ? 'stopped' : 'running'),
    runState: (machine) => Promise.resolve(power[machine] ?? 'other'),
    stop: becomes('stopped', false),
    start: becomes('running', true),
    shutdown: becomes('stopped', false),
    reboot: becomes('running', true),
    reset: becomes('running', true),
    suspend: becomes('paused', false),
    resume: becomes('running', false),
  },
  nics: { readNic: none, writeNic: none },
  haReader: { read: () => Promise.reject(new Error('no answer')) },
  firewall: () => ({ haReader: { read: none } }),
  shell: { run: answer },
  clock: { nowMs: () => nowMs, sleep: (ms) => Promise.resolve(void (nowMs += ms)) },
  firewalls: ['fw1', 'fw2'],
  signal: new AbortController().signal,
})

async function play(kind: string, begins = true) {
  const fault = faults[kind]
  if (fault === undefined) throw new Error(`no fault ${kind}`)
  const aim = { machines: ['fw1'], params: { on: 'fw1' } }
  const complete = (await fault.prepare?.(aim, lab, tools())) ?? aim
  if (begins) await fault.begin(complete, tools())
  const begun = await fault.verifyBegun(complete, tools())
  for (const _ of [1, 2]) await fault.heal(complete, tools())
  return { begun: begun.proven, healed: (await fault.verifyHealed(complete, tools())).proven, is: power['fw1'] }
}

test.each(['vm-shutdown', 'vm-reboot', 'vm-reset', 'vm-suspend'])(
  '%s is seen, and healed as often as asked',
  async (kind) => {
    expect(await play(kind)).toEqual({ begun: true, healed: true, is: 'running' })
  },
)

test.each(['vm-shutdown', 'vm-reboot', 'vm-reset', 'vm-suspend'])(
  '%s that never began is not believed',
  async (kind) => {
    expect(await play(kind, false)).toMatchObject({ begun: false })
  },
)

test('a machine that is off is started and switched off again; one that runs is no subject', async () => {
  await expect(play('vm-start')).rejects.toThrow('expected fw1 to be off before vm-start, it runs')
  power['fw1'] = 'stopped'
  expect(await play('vm-start')).toEqual({ begun: true, healed: true, is: 'stopped' })
})

test('a node dies with all machines of the lab on it, and only where there is another node', async () => {
  const fault = faults['node-death']
  const aim = { machines: ['fw1'], params: { on: 'fw1' } }
  await expect(async () => await fault?.prepare?.(aim, lab, tools())).rejects.toThrow('expected a lab on two nodes')
  const two = {
    ...lab,
    machines: {
      fw1: { image: 'x', nics: {} },
      client: { image: 'x', nics: {} },
      fw2: { image: 'x', node: 2 as const, nics: {} },
    },
  }
  expect(await fault?.prepare?.(aim, two, tools())).toMatchObject({ machines: ['fw1', 'client'] })
})

test('references name machines, roles, roles of one VHID, both, and all on the node of any of these', () => {
  expect(readReference('$node-of($master(2))')).toEqual({ of: { role: '$master', vhid: 2 }, node: true })
  expect(readReference('both')).toEqual({ of: 'both', node: false })
  expect(readReference('fw1')).toEqual({ of: { machine: 'fw1' }, node: false })
  expect(possibleMachines('$backup(1)', lab)).toEqual(['fw1', 'fw2'])
})
