import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectProxmox } from '../drivers/hypervisor/proxmox/index.ts'
import type { ProxmoxVe } from '../drivers/hypervisor/proxmox/index.ts'
import { startScriptedServer } from '../drivers/hypervisor/proxmox/fixture/scripted-server.ts'
import type { ScriptedServer } from '../drivers/hypervisor/proxmox/fixture/scripted-server.ts'
import { faults } from '../faults/index.ts'
import type { FaultTools } from '../faults/fault.ts'
import type { Terminal } from './terminal.ts'
import { shippedLab, shippedScenario } from './firedrill.fixture.ts'
import { loadLab } from './loading.ts'
import { plan } from './plan.ts'

let folder: string
let server: ScriptedServer
let pve: ProxmoxVe
beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-plan-'))
  server.reset()
  const nics = { net0: 'virtio=BC:24:11:00:00:02,bridge=fd101', net1: 'virtio=BC:24:11:00:00:03,bridge=fd102' }
  server.pve.add(9101, 'opnsense-single-wan-fw1', { status: 'running', config: { tags: 'firedrill', ...nics } })
  const { target, clock } = server
  pve = await connectProxmox({ target, lab: { name: 'opnsense-single-wan', machines: ['fw1'] }, clock })
})
afterEach(async () => {
  await pve.close()
  rmSync(folder, { recursive: true })
})

async function planned(scenario: string, options: Parameters<typeof plan>[1] = {}): Promise<string[]> {
  const told: string[] = []
  const print = (text: string) => void told.push(text)
  const terminal: Terminal = { print, progress: print, complain: print, colour: false, columns: 120 }
  expect(await plan([scenario], options, terminal)).toBe(0)
  return told.join('\n').split('\n')
}

/** Writes the shipped scenario with other steps. */
function withSteps(...steps: string[]): string {
  const text = readFileSync(shippedScenario, 'utf8').replace(/^steps:\n( .*\n)+/m, `steps:\n${steps.join('\n')}\n`)
  const file = join(folder, 'drill.yaml')
  writeFileSync(file, text)
  return file
}

/** The calls of a step among the lines of a plan, `METHOD path`, without what fills them in or explains them. */
const callsOf = (lines: readonly string[], step: string): string[] =>
  lines.flatMap((line) => new RegExp(`^${step}: ((GET|POST|PUT|DELETE) \\S+)`).exec(line)?.[1] ?? [])

/** The calls that the hypervisor got, polls of one task told once. */
function callsSeen(): string[] {
  const calls = server.seen.map(({ call }) => call.replace(/UPID[^/]+/, '{upid}'))
  return calls.filter((call, index) => !(call.includes('{upid}') && call === calls[index - 1]))
}

const silent = () => Promise.reject(new Error('no answer'))

function tools(): FaultTools {
  const { signal } = new AbortController()
  const none = () => {
    throw new Error('not asked here')
  }
  const shell = { run: () => Promise.resolve('\tstatus: no carrier\n') }
  const { clock } = server
  return {
    hypervisor: pve,
    nics: pve,
    haReader: { read: silent },
    firewall: none,
    shell,
    clock,
    firewalls: ['fw1'],
    signal,
  }
}

describe('the calls of a fault, as planned and as made', () => {
  const failover = (fault: string) => `  - { name: failover, fault: ${fault}, recoverWithin: 30s }`
  const failback = '  - { name: failback, heal: failover, recoverWithin: 30s }'

  test.each([
    ['vm-stop', '{ vm-stop: { on: fw1 } }', { on: 'fw1' }],
    ['link-down', '{ link-down: { on: fw1, network: lan } }', { on: 'fw1', network: 'lan' }],
  ])('%s', async (kind, written, params) => {
    const lines = await planned(withSteps(failover(written), failback))
    const reading = await loadLab(shippedLab)
    const fault = faults[kind]
    if ('mistakes' in reading || fault === undefined) throw new Error('no such lab or fault')
    const aim = { machines: ['fw1'], params }
    const complete = (await fault.prepare?.(aim, reading.lab, tools())) ?? aim
    await fault.begin(complete, tools())
    await fault.verifyBegun(complete, tools())
    expect(callsOf(lines, 'failover')).toEqual(callsSeen())
    server.seen.length = 0
    await fault.heal(complete, tools())
    await fault.verifyHealed(complete, tools())
    expect(callsOf(lines, 'failback')).toEqual(callsSeen())
  })
})

test('a role is told with the machines that it may mean, and its calls wait for it', async () => {
  const lines = await planned(shippedScenario)
  expect(lines).toContain('failover: vm-stop on $master (fw1, VM 9101, or fw2, VM 9102)')
  expect(callsOf(lines, 'failover')).toContain('POST /nodes/pve1/qemu/{vmid')
  expect(lines).toContain('failover: POST /nodes/pve1/qemu/{vmid of $master}/status/stop # cut the power of $master')
})

test('what limits the run and each of its faults is told, as a scenario sets it or by itself', async () => {
  const limits = (lines: readonly string[]) => lines.filter((line) => /limit of|stop condition/.test(line))
  const cap = (kind: string, s: number) =>
    `failover: limit of ${kind}: healed after ${s} s, whatever the drill still waits for`
  const written = '{ carp-disable: { on: fw1 } }, recoverWithin: 30s'
  const also = 'also: [{ after: 1s, fault: { link-down: { on: fw2, network: lan } } }]'
  const back = '  - { name: failback, heal: failover, recoverWithin: 30s }'
  expect(limits(await planned(withSteps(`  - { name: failover, fault: ${written}, ${also} }`, back)))).toEqual([
    'limit of the run: halted and healed after 935 s',
    cap('carp-disable', 330),
    cap('link-down', 330),
  ])
  const file = withSteps(`  - { name: failover, fault: ${written}, maxDuration: 45s }`, back, 'maxDuration: 5m')
  writeFileSync(file, `${readFileSync(file, 'utf8')}stop: [{ probe: outside, silentFor: 30s }]\n`)
  expect(limits(await planned(file))).toEqual([
    'limit of the run: halted and healed after 300 s',
    'stop condition: halted and healed when outside is silent for 30 s',
    cap('carp-disable', 45),
  ])
})

test('several trials: snapshots once the lab is ready, and before each further trial the way back to them', async () => {
  const told = (await planned(shippedScenario, { trials: 3 })).map((line) => line.split(' #', 1)[0] ?? '')
  const rollback = 'POST /nodes/pve1/qemu/9101/snapshot/firedrill-clean/rollback start=0'
  expect(told.filter((line) => line === rollback)).toHaveLength(2)
  const order = [
    'POST /nodes/pve1/qemu/9101/snapshot snapname=firedrill-clean vmstate=0',
    'failover: write the undo of vm-stop to the journal',
    rollback,
    'master-power-off, trial 2 of 3: as trial 1',
    'DELETE /nodes/pve1/qemu/9101?purge=1',
  ].map((line) => told.indexOf(line))
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect((await planned(shippedScenario)).join('\n')).not.toContain('snapshot')
})
