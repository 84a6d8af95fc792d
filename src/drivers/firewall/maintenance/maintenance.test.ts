import { beforeEach, describe, expect, test } from 'vitest'
import type { HaState } from '../../../model/ha-state.ts'
import { explicitMaintenance } from './explicit.ts'
import { type ToggleAction, toggledMaintenance } from './toggle.ts'

const { signal } = new AbortController()

/** A node as the drivers see it; `flips` counts how often its verb was used. */
interface Node {
  flag: boolean | null
  demotion: number
  skew: number
  flips: number
  /** Runs right before the verb takes effect. */
  meanwhile: () => void
  /** Runs right after. */
  afterwards: () => void
}

let node: Node
let time: { nowMs: number; atMs: Map<number, () => void> }

beforeEach(() => {
  node = { flag: false, demotion: 0, skew: 0, flips: 0, meanwhile: () => {}, afterwards: () => {} }
  time = { nowMs: 0, atMs: new Map() }
})

const clock = {
  nowMs: () => time.nowMs,
  sleep: async (ms: number) => {
    time.nowMs += ms
    for (const [atMs, happen] of time.atMs) if (atMs <= time.nowMs) happen()
  },
}
const haReader = {
  read: async (): Promise<HaState> => ({
    vhids: [{ vhid: 1, nic: 'vtnet0', state: 'MASTER', advbase: 1, advskew: node.skew }],
    demotion: node.demotion,
    allow: true,
    preempt: true,
    syncOk: true,
    maintenance: node.flag,
    problem: null,
  }),
}
const acted = { sentMs: 1, ackedMs: 2 }

describe('maintenance of OPNsense, whose verb is a toggle,', () => {
  const toggleNow = () => {
    node.demotion = node.flag === true ? 0 : node.demotion + 240
    node.flag = node.flag !== true
  }
  const flip = async (): Promise<typeof acted & { action: ToggleAction }> => {
    node.flips += 1
    node.meanwhile()
    const action = node.flag === true ? 'leave_maintenance' : 'enter_maintenance'
    toggleNow()
    node.afterwards()
    return { ...acted, action }
  }
  const maintenance = toggledMaintenance({ haReader, flip, clock })

  test('is entered and left once, however often it is asked for', async () => {
    expect(await maintenance.enter('fw1', signal)).toEqual(acted)
    await maintenance.enter('fw1', signal)
    expect(node).toMatchObject({ flag: true, demotion: 240, flips: 1 })
    await maintenance.leave('fw1', signal)
    await maintenance.leave('fw1', signal)
    expect(node).toMatchObject({ flag: false, demotion: 0, flips: 2 })
  })

  test('counts on top of another demotion', async () => {
    node.demotion = 240
    await maintenance.enter('fw1', signal)
    expect(node).toMatchObject({ flag: true, demotion: 480 })
  })

  test('is not entered when somebody else entered it between the look and the act, and says so', async () => {
    node.meanwhile = toggleNow
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject({
      kind: 'toggle-race',
      exitCode: 69,
      message: 'fw1 was put into maintenance mode by somebody else in the meantime: this request took it out again',
    })
    expect(node.flips).toBe(1)
  })

  test('is not left when somebody else left it between the look and the act, and says so', async () => {
    await maintenance.enter('fw1', signal)
    node.meanwhile = toggleNow
    await expect(maintenance.leave('fw1', signal)).rejects.toMatchObject({
      kind: 'toggle-race',
      message: 'fw1 was taken out of maintenance mode by somebody else in the meantime: this request put it in again',
    })
  })

  test('is not entered when somebody else leaves it right after the act', async () => {
    node.afterwards = toggleNow
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'toggle-race' })
  })

  test('whose flag is lost while the demotion stays is told from a race, on entering and on leaving', async () => {
    node.afterwards = () => (node.flag = false)
    const lost = {
      kind: 'maintenance-flag-lost',
      message: 'fw1 is demoted by 240 although its maintenance flag is unset: the flag was lost',
      hint: 'once nothing else demotes it (links, state sync): sysctl net.inet.carp.demotion=-240',
    }
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject(lost)
    await expect(maintenance.leave('fw1', signal)).rejects.toMatchObject(lost)
    expect(node.flips).toBe(1)
  })

  test('is left although a bulk update of state sync demotes it for a while', async () => {
    node.demotion = 240
    time.atMs.set(1000, () => (node.demotion = 0))
    await maintenance.leave('fw1', signal)
    expect(node.flips).toBe(0)
  })

  test('is not left while a demotion is stuck', async () => {
    node.demotion = 2880
    await expect(maintenance.leave('fw1', signal)).rejects.toMatchObject({ kind: 'demotion-stuck' })
    node.flag = true
    node.afterwards = () => (node.demotion = -240)
    await expect(maintenance.leave('fw1', signal)).rejects.toMatchObject({
      kind: 'demotion-stuck',
      message: 'expected fw1 without demotion outside maintenance mode, it is demoted by -240',
    })
  })

  test('with its flag set and no demotion is halfway, and not taken for either', async () => {
    node.flag = true
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
    expect(node.flips).toBe(0)
  })

  test('cannot be decided where the way in does not tell the flag', async () => {
    node.flag = null
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'not-understood' })
    expect(node.flips).toBe(0)
  })
})

describe('maintenance of pfSense, whose verbs are explicit,', () => {
  const set = async (_: string, on: boolean) => {
    node.flips += 1
    node.flag = on
    node.skew = on ? 254 : 0
    node.afterwards()
    return acted
  }
  const maintenance = explicitMaintenance({ haReader, set, clock })

  test('is entered and left once, and leaves the demotion alone', async () => {
    expect(await maintenance.enter('fw1', signal)).toEqual(acted)
    await maintenance.enter('fw1', signal)
    expect(node).toMatchObject({ flag: true, skew: 254, demotion: 0, flips: 1 })
    await maintenance.leave('fw1', signal)
    await maintenance.leave('fw1', signal)
    expect(node).toMatchObject({ flag: false, skew: 0, flips: 2 })
  })

  test('is an error where the skews do not follow the flag', async () => {
    node.afterwards = () => (node.skew = 0)
    await expect(maintenance.enter('fw1', signal)).rejects.toMatchObject({
      kind: 'no-effect',
      message: 'expected the maintenance flag of fw1 set and skew 254 everywhere, came flag set, VHID 1 skew 0',
    })
  })
})
