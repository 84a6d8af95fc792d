import { describe, expect, test } from 'vitest'
import { carpDrop } from '../faults/carp-drop.ts'
import { carpMaintenance } from '../faults/carp-maintenance.ts'
import type { Fault } from '../faults/fault.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { HaState } from '../model/ha-state.ts'
import type { PlannedUndo } from '../ports/undo-journal.ts'
import { fakeLab } from './fake-lab.fixture.ts'
import { openHalt } from './halt.ts'
import { openUndoStack } from './undo-stack.ts'

const { signal } = new AbortController()
const table = 'firedrill_0123abcd'
const rule = { machine: 'fw2', way: 'to', network: 'lan', match: 'ip protocol 112', group: 'lan' }
const kinds: [Fault, Record<string, unknown>][] = [
  [carpMaintenance, { on: 'fw1', via: 'rest' }],
  [carpDrop, { table, rules: [{ ...rule, device: 'tap9102i0', node: 'pve1' }] }],
]

/** Which calls of the heal fail: the nth alone or all from it on, before they do something or after it, when only the reply is lost. */
interface Failing {
  nth: number
  forGood: boolean
  when: 'before' | 'after'
}

/** A firewall in maintenance mode and a node with a table of ours; calls are counted once the undo is on the stack. */
function brokenSite(failing: Failing) {
  const world = { maintenance: true, tables: [table, 'foreign'], calls: 0, counts: false }
  const call = async <Answer>(act: () => Answer): Promise<Answer> => {
    await Promise.resolve()
    if (world.counts) world.calls += 1
    const { nth, forGood, when } = failing
    const fails = world.counts && (forGood ? world.calls >= nth : world.calls === nth)
    if (fails && when === 'before') throw away()
    const answer = act()
    if (fails) throw away()
    return answer
  }
  const haReader = { read: () => call(() => stateOf(world.maintenance)) }
  const leave = () => call(() => ((world.maintenance = false), { sentMs: 1, ackedMs: 2 }))
  const nft = (command: string, input = '') => {
    if (input.includes('delete table')) world.tables = world.tables.filter((name) => !input.includes(name))
    return command === 'nft list tables bridge' ? world.tables.map((name) => `table bridge ${name}\n`).join('') : ''
  }
  const shell = {
    run: (_: string, command: string, { input }: { input?: string }) => call(() => nft(command, input)),
    spawn: () => Promise.reject(away()),
    close: () => Promise.resolve(),
  }
  const taps = { tapOf: () => Promise.resolve('tap9102i0'), nodeOf: () => Promise.resolve('pve1') }
  const ports = {
    haReader,
    firewallVia: () => ({ haReader, maintenance: { enter: leave, leave } }),
    node: { name: 'pve1', others: [], shell, taps },
  }
  return { world, ports }
}

const away = () => new HarnessError('connection refused', { exitCode: exitCodes.unavailable })

const stateOf = (maintenance: boolean): HaState => ({
  vhids: [{ vhid: 1, nic: 'vtnet0', state: 'MASTER', advbase: 1, advskew: 0 }],
  demotion: maintenance ? 240 : 0,
  allow: true,
  preempt: true,
  syncOk: true,
  maintenance,
  problem: null,
})

/** What is left when everything that is owed has been undone, or given up. */
async function undone([fault, params]: (typeof kinds)[number], failing: Failing) {
  const lab = fakeLab()
  const { world, ports } = brokenSite(failing)
  const drill = { ...lab.drill, ...ports }
  const undos = openUndoStack(drill, openHalt(drill.clock, signal))
  const what = `${fault.kind} on fw1`
  const undo: PlannedUndo = { id: 'one', kind: fault.kind, params, machines: ['fw1'], lab: 'two', what }
  await drill.clock.runUntil(undos.push(undo, fault, 3_000_000, signal), 1000)
  world.counts = true
  const left = await drill.clock.runUntil(undos.undoAll(), 600_000)
  const isHealed = fault === carpDrop ? !world.tables.includes(table) : !world.maintenance
  const isDone = lab.calls.includes('journal done')
  return { left, isHealed, isDone, isForeignKept: world.tables.includes('foreign'), calls: world.calls }
}

describe.each(kinds)('the heal of $kind', (...kind) => {
  test.each(['before', 'after'] as const)('is done though any one of its calls fails %s it acts', async (when) => {
    const { calls } = await undone(kind, { nth: 0, forGood: false, when })
    expect(calls).toBeGreaterThanOrEqual(3)
    for (let nth = 1; nth <= calls; nth++)
      expect({ nth, ...(await undone(kind, { nth, forGood: false, when })) }).toMatchObject({
        nth,
        left: [],
        isHealed: true,
        isDone: true,
        isForeignKept: true,
      })
  })

  test('is owed, with its name and how a person does it, when its calls fail for good from any one on', async () => {
    const [{ kind: name }] = kind
    for (const nth of [1, 2]) {
      const { left, isDone } = await undone(kind, { nth, forGood: true, when: 'before' })
      expect(left).toEqual([expect.stringMatching(new RegExp(`^${name} on fw1.*; by hand: .{20}`))])
      expect(isDone).toBe(false)
    }
  })
})
