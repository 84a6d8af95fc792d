import { Speaker } from '../carp/speaker.ts'
import { type Carp, stateOf } from '../carp/start-carp.ts'
import { vhidsOf } from '../carp/vhids.ts'
import type { Firewall } from '../commands/command.ts'
import type { ApplianceConfig, Defect, Flavour } from '../config.ts'
import { defaultConfig } from '../configuration/default-config.ts'
import type { XmlElement } from '../configuration/xml.ts'
import type { Pfsync } from '../pfsync/start-pfsync.ts'
import { attachVhids, createCarpControl, restoreMaintenance } from './carp-switches.ts'
import type { ConfigStore, FilterControl } from './control.ts'

/** A firewall of two VHIDs without wires, MASTER of both, for tests. Its timers stand still. */
export type TestNode = { firewall: Firewall; lines: string[]; bulks: string[] }

const emptyRoot: XmlElement = { name: 'opnsense', attributes: {}, children: [], text: '' }
const none = (): undefined => undefined

/** A config.xml that is kept in memory. */
export function memoryStore(): ConfigStore {
  let root = emptyRoot
  return {
    read: () => root,
    revision: () => ({ time: '0', username: '', description: '' }),
    change: (edit) => Promise.resolve(void (root = edit(root))),
  }
}

/** Boots it from a store. */
export function bootNode(flavour: Flavour, store: ConfigStore, defects: Defect[] = []): TestNode {
  const [lines, bulks]: [string[], string[]] = [[], []]
  const config = configOf(flavour, defects)
  const output = { raise: none, lower: none, advertise: none, announce: none, notify: none }
  const speaker = new Speaker({ ...output, log: (line) => void lines.push(line) }, () => 0)
  const carp: Carp = {
    speaker,
    vhids: vhidsOf(config),
    isAttached: (vhid) => stateOf(speaker, vhid) !== undefined,
    attach: (vhid) => speaker.attach(vhid, true),
  }
  const pfsync = fakePfsync(() => bulks.push('bulk'))
  const parts = { config, carp, store, pfsync, pauseMs: 0 }
  restoreMaintenance(parts)
  attachVhids(parts)
  for (const { device, vhid } of carp.vhids) speaker.apply({ kind: 'request', device, vhid, state: 'MASTER' })
  speaker.stop()
  const log = { kernel: none, program: (name: string, text: string) => void lines.push(`${name}: ${text}`) }
  const clock = fakeClock()
  const control = {
    config,
    flavour,
    carp: createCarpControl(parts),
    filter: fakeFilter(),
    pfsync,
    store,
    sync: { push: () => Promise.resolve({ ok: true as const }), accept: () => Promise.resolve() },
    system: {
      ...clock,
      reboot: none,
      halt: none,
    },
    log: { entries: () => [], follow: () => none },
  }
  const shell = { run: () => Promise.resolve(), stop: none }
  const gateways = { isUp: () => true }
  const interfaces = new Map()
  const web = { start: () => Promise.resolve(void lines.push('web starts')) }
  const firewall = { control, config, speaker, interfaces, pfsync, gateways, shell, log, web }
  return { firewall, lines, bulks }
}

function configOf(flavour: Flavour, defects: Defect[]): ApplianceConfig {
  const vip = { vhid: 1, advbase: 1, advskew: 0, password: 'x', description: 'VIP' }
  return {
    ...defaultConfig,
    flavour,
    hostName: 'fw1',
    release: flavour === 'opnsense' ? '25.7' : '2.8',
    interfaces: [{ key: 'lan', description: 'LAN', device: 'vtnet1', address: '10.102.0.2/24' }],
    vips: [
      { ...vip, device: 'vtnet1', address: '10.102.0.1/24' },
      { ...vip, device: 'vtnet0', address: '203.0.113.4/28', vhid: 2 },
    ],
    defects,
  }
}

/** Stands still, and can be set. */
function fakeClock() {
  let offsetMs = 0
  const at = (text: string) => new Date(Date.parse(text) + offsetMs)
  return {
    bootedAt: () => at('2026-07-26T20:20:34.250Z'),
    now: () => at('2026-07-27T22:23:34Z'),
    set: (wanted: Date) => void (offsetMs += wanted.getTime() - at('2026-07-27T22:23:34Z').getTime()),
    uptimeSeconds: () => 93_780,
  }
}

function fakePfsync(onRequest: () => void): Pfsync {
  return {
    device: 'vtnet2',
    peer: '10.0.0.2',
    version: 1400,
    defer: false,
    isOk: () => true,
    requestBulk: onRequest,
    counters: () => Promise.resolve({ received: 12, sent: 1, badVersion: 3, sendErrors: 0 }),
  }
}

function fakeFilter(): FilterControl {
  let isEnabled = true
  return {
    isEnabled: () => isEnabled,
    enable: () => Promise.resolve(void (isEnabled = true)),
    disable: () => Promise.resolve(void (isEnabled = false)),
    states: () => Promise.resolve([]),
    kill: () => Promise.resolve(2),
    killId: (id) => Promise.resolve(id === '00000000000000a1'),
    flush: () => Promise.resolve(),
  }
}
