import { beforeEach, describe, expect, test } from 'vitest'
import { carpDrop } from '../faults/carp-drop.ts'
import { carpMaintenance } from '../faults/carp-maintenance.ts'
import { linkDown } from '../faults/link-down.ts'
import { vmStop } from '../faults/vm-stop.ts'
import type { PlannedUndo } from '../ports/undo-journal.ts'
import { fakeLab } from './fake-lab.fixture.ts'
import { armLease, disarm } from './lease.ts'

const { signal } = new AbortController()
const undo: PlannedUndo = {
  id: 'one',
  kind: 'vm-stop',
  params: {},
  machines: ['fw1'],
  lab: 'two',
  what: 'vm-stop on fw1',
  token: '0123abcd',
}

let said: string[]
let isSilent: boolean
let lab: ReturnType<typeof fakeLab>

/** A node that takes commands, and knows fw1 as VM 9101. */
const node = {
  name: 'pve1',
  others: [],
  taps: { tapOf: () => Promise.resolve('tap9101i0'), nodeOf: () => Promise.resolve('pve1') },
  shell: {
    run: (name: string, command: string) => {
      if (isSilent) return Promise.reject(new Error('connection refused'))
      said.push(`${name}: ${command}`)
      return Promise.resolve('')
    },
    spawn: () => Promise.reject(new Error('nothing is spawned here')),
    close: () => Promise.resolve(),
  },
}

beforeEach(() => {
  said = []
  isSilent = false
  lab = fakeLab()
})

const armed = () => lab.drill.clock.runUntil(armLease({ ...lab.drill, node }, vmStop, undo, signal), 1000)

describe('the undo of a fault on a node', () => {
  test('is armed there, renewed while the runner lives, and disarmed after the heal', async () => {
    const lease = await armed()
    const script = "'qm status 9101 | grep -q running || qm start 9101'"
    const arm = (n: number) =>
      `pve1: systemd-run --on-active=60 --unit=firedrill-undo-0123abcd-${n} /bin/sh -c ${script}`
    expect(said).toEqual([arm(0)])
    await lab.drill.clock.runUntil(lab.drill.clock.sleep(31_000, signal), 40_000)
    const stop = (n: number | string) => `pve1: systemctl stop 'firedrill-undo-0123abcd-${n}.timer' 2>/dev/null || :`
    expect(said.slice(1)).toEqual([arm(1), stop(0), arm(2), stop(1)])
    await lease?.end()
    expect(said.at(-1)).toBe(stop('*'))
  })

  test('is left to the node where the runner gives up: neither renewed nor disarmed', async () => {
    const lease = await armed()
    lease?.leave()
    await lab.drill.clock.runUntil(lab.drill.clock.sleep(31_000, signal), 40_000)
    expect(said).toHaveLength(1)
  })

  test('is not armed where nobody lets us in, and the fault goes on', async () => {
    isSilent = true
    expect(await armed()).toBe(null)
    expect(lab.events).toMatchObject([{ type: 'problem', where: 'lease of vm-stop on fw1' }])
    const nowhere = armLease({ ...lab.drill, node: null }, vmStop, undo, signal)
    expect(await lab.drill.clock.runUntil(nowhere, 1000)).toBe(null)
  })

  test('is not armed where no node can carry it out', async () => {
    const maintenance = armLease({ ...lab.drill, node }, carpMaintenance, undo, signal)
    expect(await lab.drill.clock.runUntil(maintenance, 1000)).toBe(null)
    expect(said).toEqual([])
  })

  test('is disarmed from the journal, whoever armed it', async () => {
    await disarm(node, undo, signal)
    expect(said).toEqual(["pve1: systemctl stop 'firedrill-undo-0123abcd-*.timer' 2>/dev/null || :"])
  })

  test('keeps everything of a NIC but the lost link, and deletes none but our own rules', () => {
    const nic = linkDown.undoOnNode?.(
      { machines: ['fw1'], params: { network: 'lan', nics: { fw1: 1 } } },
      { fw1: 9101 },
    )
    expect(nic).toEqual([
      {
        machine: 'fw1',
        command: `qm set 9101 --net1 "$(qm config 9101 | sed -n 's/^net1: //p' | sed 's/,link_down=1//')"`,
      },
    ])
    const rules = (table: string) => carpDrop.undoOnNode?.({ machines: [], params: { table, rules: [] } }, {})
    expect(() => rules('filter')).toThrow(/firedrill_/)
    expect(() => rules('firedrill_0; reboot')).toThrow(/firedrill_/)
  })
})
