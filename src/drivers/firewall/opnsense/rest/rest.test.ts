import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HarnessError } from '../../../../model/failure.ts'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import { type ScriptedFirewall, startScriptedFirewall } from '../../fixture/scripted-firewall.ts'
import { restClient } from '../../rest/client.ts'
import { entriesOf } from './carp-log.ts'
import { opnsenseAuthorization, opnsenseOverRest } from './index.ts'
import { parseSystem, parseUptime } from './system.ts'
import { haStateOf, vipStatusCall } from './vip-status.ts'

const { signal } = new AbortController()
const time = { nowMs: 0 }
const clock = { nowMs: () => (time.nowMs += 1), sleep: async (ms: number) => void (time.nowMs += ms) }
let firewall: ScriptedFirewall
let client: ReturnType<typeof restClient>
let roles: Required<Omit<FirewallRoles, 'carpOverride' | 'filter' | 'pages'>>

beforeEach(async () => {
  firewall = await startScriptedFirewall()
  client = restClient({
    product: 'OPNsense',
    access: { fw1: firewall.access, fw2: firewall.access },
    authorization: opnsenseAuthorization,
    learnFingerprint: () => Promise.reject(new Error('pinned')),
    clock,
  })
  roles = allOf(opnsenseOverRest(client, clock))
})
afterEach(async () => {
  await client.close()
  await firewall.close()
})

function allOf({ haReader, maintenance, carpSwitch, stateSync, carpLog, system, configSync, firmware }: FirewallRoles) {
  if (!maintenance || !carpSwitch || !stateSync || !carpLog || !system || !configSync || !firmware)
    throw new Error('expected every role but those of a command line')
  return { haReader, maintenance, carpSwitch, stateSync, carpLog, system, configSync, firmware }
}

const status = 'POST /api/diagnostics/interface/get_vip_status'
const verb = (name: string) => `POST /api/diagnostics/interface/carp_status/${name}`
const row = (vhid: string, more: object = {}) => ({
  interface: 'LAN',
  vhid,
  advbase: '1',
  advskew: '0',
  subnet: '192.168.1.1',
  status: 'MASTER',
  mode: 'carp',
  status_txt: 'MAÎTRE',
  vhid_txt: `${vhid} (freq. 1/0)`,
  ...more,
})
const answer = (rows: object[], carp: unknown) => ({
  body: { total: rows.length, rowCount: 2, current: 1, rows, carp },
})
const healthy = { demotion: '0', allow: '1', maintenancemode: false, status_msg: '' }

describe('the state of CARP', () => {
  test('is one entry per VHID, whatever the number of its addresses, by device where that is known', async () => {
    firewall.script[status] = answer(
      [
        row('1'),
        row('1', { subnet: '192.168.1.9', mode: 'ipalias', advbase: '', advskew: '', vhid_txt: '1' }),
        row('1', { subnet: 'fe80::1' }),
        row('3', { interface: 'WAN', status: 'BACKUP', advskew: '100' }),
        row('4', { interface: 'DMZ', status: 'DISABLED' }),
        row('5', { interface: null, status: 'INIT' }),
      ],
      { ...healthy, demotion: '240', status_msg: 'CARP has detected a problem.<br />Check link status.' },
    )
    const interfaces = [
      { identifier: 'lan', description: 'LAN', device: 'vtnet0' },
      { identifier: 'opt9', description: 'x', device: '' },
    ]
    firewall.script['GET /api/interfaces/overview/interfaces_info'] = { body: { rows: interfaces } }
    expect(await roles.haReader.read('fw1', signal)).toEqual({
      vhids: [
        { vhid: 1, nic: 'vtnet0', state: 'MASTER', advbase: 1, advskew: 0 },
        { vhid: 3, nic: 'WAN', state: 'BACKUP', advbase: 1, advskew: 100 },
        { vhid: 5, nic: '', state: 'INIT', advbase: 1, advskew: 0 },
      ],
      demotion: 240,
      allow: true,
      preempt: null,
      syncOk: null,
      maintenance: false,
      problem: 'CARP has detected a problem. Check link status.',
    })
  })

  test('is read with the least of privileges, too; interfaces go by their descriptions then', async () => {
    firewall.script[status] = answer([row('1')], healthy)
    firewall.script['GET /api/interfaces/overview/interfaces_info'] = { status: 403, body: { message: 'Forbidden' } }
    expect((await roles.haReader.read('fw1', signal)).vhids[0]?.nic).toBe('LAN')
    await roles.haReader.read('fw1', signal)
    expect(firewall.seen.filter(({ call }) => call.includes('interfaces_info'))).toHaveLength(1)
  })

  test.each([
    ['the backend of the API does not answer', answer([row('1')], [])],
    ['a status is in another language', answer([row('1', { status: 'MAÎTRE' })], healthy)],
    ['a demotion is no number', answer([row('1')], { ...healthy, demotion: '' })],
    ['there is nothing', { body: [] }],
  ])('is an error where %s', async (_, told) => {
    firewall.script[status] = told
    firewall.script['GET /api/interfaces/overview/interfaces_info'] = { body: { rows: [] } }
    await expect(roles.haReader.read('fw1', signal)).rejects.toMatchObject({ kind: 'not-json', exitCode: 69 })
  })

  test('never looks healthy when what came is not', () => {
    const value = fc.oneof(fc.constantFrom('0', '1', '240', 'MASTER', '', false, true, null), fc.string(), fc.integer())
    const carp = fc.record({ demotion: value, allow: value, maintenancemode: value, status_msg: value })
    const told = fc.record({
      rows: fc.array(fc.record({ interface: value, vhid: value, status: value })),
      carp: fc.oneof(carp, fc.json()),
    })
    fc.assert(
      fc.property(fc.oneof(told, fc.jsonValue()), (json) => {
        const parsed = vipStatusCall.answer.safeParse(json)
        const state = parsed.success ? haStateOf(parsed.data, (name) => name) : null
        expect(state === null || (state.demotion !== null && typeof state.maintenance === 'boolean')).toBe(true)
      }),
    )
  })
})

describe('maintenance mode', () => {
  const node = { flag: false, demotion: 0 }
  beforeEach(() => {
    Object.assign(node, { flag: false, demotion: 0 })
    firewall.script['GET /api/interfaces/overview/interfaces_info'] = { body: { rows: [] } }
    firewall.script[status] = () =>
      answer([row('1')], { ...healthy, demotion: String(node.demotion), maintenancemode: node.flag })
    firewall.script[verb('maintenance')] = () => {
      const action = node.flag ? 'leave_maintenance' : 'enter_maintenance'
      Object.assign(node, node.flag ? { flag: false, demotion: 0 } : { flag: true, demotion: node.demotion + 240 })
      return { body: { status: 'ok', action } }
    }
  })

  test('is entered and left by the same verb, each once', async () => {
    await roles.maintenance.enter('fw1', signal)
    await roles.maintenance.enter('fw1', signal)
    expect(node).toEqual({ flag: true, demotion: 240 })
    await roles.maintenance.leave('fw1', signal)
    expect(node).toEqual({ flag: false, demotion: 0 })
    expect(firewall.seen.filter(({ call }) => call === verb('maintenance'))).toHaveLength(2)
  })

  test('is refused to a restricted user up to 26.1.10, and the hint names the privilege', async () => {
    firewall.script[verb('maintenance')] = { status: 403, body: { status: 403, message: 'Forbidden' } }
    await expect(roles.maintenance.enter('fw1', signal)).rejects.toMatchObject({
      kind: 'forbidden',
      message: 'fw1: POST /api/diagnostics/interface/carp_status/maintenance was refused with 403: Forbidden',
      hint: 'the user needs the privilege "Interfaces: Virtual IPs: Status" from release 26.1.11 on, and "All pages" before that',
    })
  })

  test.each([
    ['the verb of a GET', { message: 'error' }],
    ['a verb that is not known', { status: 'failed' }],
    ['another action', { status: 'ok', action: 'disable' }],
  ])('is not taken for entered when the answer is that of %s', async (_, body) => {
    firewall.script[verb('maintenance')] = { body }
    await expect(roles.maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'refused' })
  })
})

test('CARP is disabled and enabled, and looked at afterwards', async () => {
  let allow = '1'
  firewall.script['GET /api/interfaces/overview/interfaces_info'] = { body: { rows: [] } }
  firewall.script[status] = () => answer([row('1', allow === '1' ? {} : { status: 'DISABLED' })], { ...healthy, allow })
  firewall.script[verb('disable')] = () => ((allow = '0'), { body: { status: 'ok', action: 'disable' } })
  firewall.script[verb('enable')] = { body: { status: 'ok', action: 'enable' } }
  await roles.carpSwitch.disable('fw1', signal)
  await roles.carpSwitch.disable('fw1', signal)
  expect(firewall.seen.filter(({ call }) => call === verb('disable'))).toHaveLength(1)
  await expect(roles.carpSwitch.enable('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
})

test('states and their sync are told as far as the API does', async () => {
  firewall.script['GET /api/diagnostics/interface/get_pfsync_nodes'] = {
    body: {
      rows: [
        { creatorid: 'ab12cd34', this: 1 },
        { creatorid: 'badcafe', this: 0 },
      ],
    },
  }
  firewall.script['GET /api/diagnostics/firewall/pf_states'] = { body: { current: '123', limit: '397000' } }
  firewall.script['GET /api/diagnostics/interface/get_protocol_statistics'] = {
    body: { statistics: { pfsync: { 'received-inet-packets': 7, 'dropped-bad-version': 2, 'input-histogram': {} } } },
  }
  expect(await roles.stateSync.read('fw1', signal)).toMatchObject({
    hostId: 'ab12cd34',
    creatorIds: ['ab12cd34', '0badcafe'],
    syncOk: null,
    states: { current: 123, limit: 397_000 },
    counters: { 'packets received (IPv4)': 7, 'packets discarded for bad version': 2 },
  })
})

describe('release and uptime', () => {
  const versions = ['OPNsense 25.7-amd64', 'FreeBSD 14.3-RELEASE-p1']
  const datetime = 'Sun Jul 26 20:45:31 CEST 2026'

  test('are told with the boot time, or without it by the uptime', () => {
    const bootTime = Date.UTC(2026, 6, 26, 20, 35, 31) / 1000
    const expected = { product: 'OPNsense', release: '25.7', uptimeSeconds: 600, bootTime }
    const boottime = 'Sun Jul 26 20:35:31 CEST 2026'
    expect(parseSystem('fw1', versions, { uptime: '00:10:00', datetime, boottime })).toEqual(expected)
    expect(parseSystem('fw1', versions, { uptime: '00:10:00', datetime })).toEqual(expected)
    expect(parseUptime('3 days, 01:00:01')).toBe(3 * 86_400 + 3601)
    expect(parseUptime('soon')).toBeNull()
  })

  test('are an error where they cannot be read', () => {
    expect(() => parseSystem('fw1', [], { uptime: '00:10:00', datetime })).toThrow(HarnessError)
    expect(() => parseSystem('fw1', versions, { uptime: '', datetime })).toThrow(HarnessError)
  })
})

describe('the log', () => {
  const line = (second: number, text: string, name = 'kernel') => ({
    timestamp: `2026-07-26T20:45:${second}`,
    process_name: name,
    severity: 'Notice',
    line: text,
  })

  test('is asked for CARP and for links, a day around because it tells no zone, and told oldest first', async () => {
    firewall.script['POST /api/diagnostics/log/core/system'] = (body) => ({
      body: {
        rows: JSON.stringify(body).includes('carp:')
          ? [
              line(33, '<6>[757] carp: 1@vtnet0: BACKUP -> MASTER (master timed out)'),
              line(20, 'carp: demoted by 240 to 240 (sysctl)'),
            ]
          : [
              line(31, '<6>[755] vtnet0: link state changed to DOWN'),
              line(32, 'vtnet0: link state changed to UP', 'sshd'),
            ],
      },
    })
    const sinceMs = Date.UTC(2026, 6, 26, 20, 45, 30)
    const entries = await roles.carpLog.entries('fw1', sinceMs, signal)
    expect(entries.map(({ atMs, event: { kind } }) => [atMs - sinceMs, kind])).toEqual([
      [1000, 'link'],
      [3000, 'transition'],
    ])
  })

  test('keeps the order of one second', () => {
    const newestFirst = [line(31, 'carp: 1@vtnet0: INIT -> BACKUP (x)'), line(31, 'carp: 1@vtnet0: MASTER -> INIT (y)')]
    expect(entriesOf(newestFirst, 0).map(({ event }) => event)).toMatchObject([{ from: 'MASTER' }, { from: 'INIT' }])
  })

  test('has the clock of system_time, known to better than its second', async () => {
    const startMs = Date.UTC(2026, 6, 26, 20, 45, 31)
    firewall.script['GET /api/diagnostics/system/system_time'] = () => {
      const [, day, month, year, at] = new Date(startMs + time.nowMs).toUTCString().replace(',', '').split(' ')
      return {
        body: { uptime: '00:00:01', datetime: `Sun ${month} ${Number(day)} ${at?.replace(/^0/, '')} UTC ${year}` },
      }
    }
    const { zeroMs, boundMs } = await roles.carpLog.clock('fw1', signal)
    expect(boundMs).toBeLessThan(10)
    expect(Math.abs(zeroMs - startMs)).toBeLessThanOrEqual(boundMs)
  })
})

describe('configuration sync', () => {
  const version = 'GET /api/core/hasync_status/version'
  const same = { version: '25.7', _my_version: '25.7' }

  test('is triggered by the start of a service at the peer, which pushes first', async () => {
    firewall.script[version] = { body: { response: { firmware: same } } }
    firewall.script['GET /api/core/hasync_status/services'] = { body: { rows: [{ name: 'openvpn', id: '1' }] } }
    firewall.script['POST /api/core/hasync_status/start/openvpn/1'] = { body: { status: 'ok' } }
    await roles.configSync.trigger('fw1', signal)
    firewall.script['POST /api/core/hasync_status/start/openvpn/1'] = { body: { status: 'failed', message: 'no peer' } }
    await expect(roles.configSync.trigger('fw1', signal)).rejects.toThrow(
      'fw1 could not sync its configuration: no peer',
    )
  })

  test('is not there in 24.7, and not with a peer that cannot be reached', async () => {
    await expect(roles.configSync.trigger('fw1', signal)).rejects.toMatchObject({ kind: 'not-found' })
    firewall.script[version] = { body: { status: 'error', message: 'The backup firewall is not accessible.' } }
    await expect(roles.configSync.trigger('fw1', signal)).rejects.toThrow(
      'fw1 cannot reach its peer to sync: The backup firewall is not accessible.',
    )
  })

  test('is compared in versions and CARP addresses, the skew of the backup 100 above', async () => {
    firewall.script[version] = {
      body: { response: { firmware: { version: '25.1', _my_version: '25.7' }, base: same } },
    }
    const rows = [
      [row('1'), row('2', { advskew: '10' })],
      [row('1', { advskew: '100' }), row('2', { advskew: '10' })],
    ]
    firewall.script[status] = () => answer(rows.shift() ?? [], healthy)
    expect(await roles.configSync.compare('fw1', 'fw2', signal)).toEqual([
      'firmware is 25.7 on fw1 and 25.1 on fw2',
      'VHID 2 192.168.1.1 on LAN: skew 10 on fw1, so 110 is due on fw2, which has 10',
    ])
  })
})

describe('firmware', () => {
  const check = 'POST /api/core/firmware/status'

  test('is upgraded as the check says, and not at all where there is nothing to do', async () => {
    firewall.script[check] = { body: { status: 'update', status_msg: 'There are 3 updates.', needs_reboot: '1' } }
    firewall.script['POST /api/core/firmware/update'] = { body: { status: 'ok', msg_uuid: 'x' } }
    expect(await roles.firmware.check('fw1', signal)).toEqual({
      status: 'update',
      message: 'There are 3 updates.',
      needsReboot: true,
    })
    await roles.firmware.upgrade('fw1', signal)
    expect(firewall.seen.at(-1)?.call).toBe('POST /api/core/firmware/update')
    firewall.script[check] = { body: { status: 'none', status_msg: 'up to date' } }
    await roles.firmware.upgrade('fw1', signal)
    expect(firewall.seen.at(-1)?.call).toBe(check)
    firewall.script[check] = { body: { status: 'error', status_msg: 'no mirror' } }
    await expect(roles.firmware.upgrade('fw1', signal)).rejects.toThrow('fw1 cannot tell what to upgrade: no mirror')
  })

  test('tells how it goes, and reboots where asked to', async () => {
    firewall.script['GET /api/core/firmware/upgradestatus'] = { body: { status: 'done', log: '***DONE***' } }
    firewall.script['GET /api/core/firmware/running'] = { body: { status: 'ready' } }
    expect(await roles.firmware.progress('fw1', signal)).toEqual({ state: 'done', log: '***DONE***' })
    firewall.script['POST /api/core/system/reboot'] = { body: { status: 'failed' } }
    await expect(roles.firmware.reboot('fw1', signal)).rejects.toMatchObject({ kind: 'refused' })
  })
})
