import { expect, it } from 'vitest'
import { ask, jsonOf } from '../../client.fixture.ts'
import { keys } from '../../accounts.fixture.ts'
import { fakeFirewall, siteOf } from '../../fake-firewall.fixture.ts'

const all = ['24.7', '25.1', '25.7', '26.1', '26.7']
const from251 = all.slice(1)
const from257 = all.slice(2)

type Row = { url: string; releases: readonly string[]; method?: 'POST'; body?: object; answer: object }

const anyText: unknown = expect.any(String)
const anyNumber: unknown = expect.any(Number)
const anyList: unknown = expect.any(Array)
const anyGroup: unknown = expect.any(Object)
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern)

const grid = { total: anyNumber, rowCount: anyNumber, current: 1, rows: anyList }
const started = { status: 'ok', msg_uuid: anyText }

// Every documented route with the shape of its answer, and the releases that have it; the others say 404.
const rows: Row[] = [
  { url: '/api/diagnostics/interface/get_vip_status', releases: all, answer: { ...grid, carp: anyGroup } },
  { url: '/api/diagnostics/interface/get_vip_status', releases: all, method: 'POST', body: {}, answer: { ...grid } },
  {
    url: '/api/diagnostics/interface/get_interface_config',
    releases: all,
    answer: { vtnet1: { status: 'active', carp: { '1': { status: 'MASTER', advskew: '0' } } } },
  },
  {
    url: '/api/diagnostics/interface/get_protocol_statistics',
    releases: all,
    answer: { statistics: { carp: { 'received-inet-packets': 10, 'dropped-bad-authentication': 2 } } },
  },
  {
    url: '/api/diagnostics/interface/get_pfsync_nodes',
    releases: all,
    answer: { rows: [{ creatorid: 'ab12cd34', this: 1 }] },
  },
  ...['maintenance', 'disable', 'enable'].map((verb) => ({
    url: `/api/diagnostics/interface/carp_status/${verb}`,
    releases: all,
    method: 'POST' as const,
    body: {},
    answer: { status: 'ok', action: anyText },
  })),
  { url: '/api/diagnostics/firewall/pf_states', releases: all, answer: { current: '1', limit: '397000' } },
  {
    url: '/api/diagnostics/firewall/pf_statistics/info',
    releases: all,
    answer: {
      info: {
        uptime: '0 days 00:00:38',
        'state-table': { 'current-entries': { total: 27 }, searches: { total: 14195, rate: 373.6 } },
        counters: { match: { total: 12 } },
      },
    },
  },
  {
    url: '/api/diagnostics/firewall/pf_statistics',
    releases: all,
    answer: { info: {}, memory: {}, timeouts: {}, interfaces: {}, rules: {} },
  },
  {
    url: '/api/diagnostics/firewall/query_states',
    releases: all,
    method: 'POST',
    body: { searchPhrase: '', current: 1, rowCount: 100 },
    answer: {
      rows: [
        {
          src_addr: '192.168.1.50',
          src_port: '40000',
          dst_port: '443',
          nat_addr: '203.0.113.4',
          state: 'ESTABLISHED:ESTABLISHED',
          age: '00:01:01',
          pkts: [10, 12],
          id: '00000000000000a1/ab12cd34',
        },
      ],
    },
  },
  { url: '/api/diagnostics/firewall/query_states', releases: all, answer: { rows: [] } },
  {
    url: '/api/diagnostics/firewall/kill_states',
    releases: all,
    method: 'POST',
    body: { filter: '10.0.0.5' },
    answer: { result: 'ok', dropped_states: 1 },
  },
  {
    url: '/api/diagnostics/firewall/del_state/00000000000000a1/ab12cd34',
    releases: all,
    method: 'POST',
    answer: { result: 'ok' },
  },
  { url: '/api/diagnostics/firewall/flush_states', releases: all, method: 'POST', answer: { result: 'ok' } },
  {
    url: '/api/interfaces/overview/interfaces_info',
    releases: all,
    answer: {
      rows: [
        {
          identifier: 'lan',
          device: 'vtnet1',
          status: 'up',
          link_type: 'static',
          addr4: '192.168.1.2/24',
          ipv4: [{ ipaddr: '192.168.1.2/24' }, { ipaddr: '192.168.1.254/24', vhid: '1', status: 'MASTER' }],
        },
      ],
    },
  },
  { url: '/api/interfaces/overview/interfaces_info/1', releases: all, answer: grid },
  { url: '/api/interfaces/overview/get_interface/vtnet1', releases: all, answer: { message: { device: {} } } },
  {
    url: '/api/interfaces/overview/reload_interface/lan',
    releases: all,
    method: 'POST',
    answer: { message: 'OK\n\n' },
  },
  { url: '/api/interfaces/overview/export', releases: all, answer: [{ device: 'vtnet1' }] },
  {
    url: '/api/core/hasync/get',
    releases: all,
    answer: { hasync: { pfsyncpeerip: '10.0.0.2', pfsyncversion: { '1400': { selected: 1 } } } },
  },
  { url: '/api/core/hasync/reconfigure', releases: all, method: 'POST', answer: { status: 'ok' } },
  {
    url: '/api/core/hasync_status/version',
    releases: from251,
    answer: { status: 'error', message: anyText },
  },
  { url: '/api/core/hasync_status/services', releases: from251, answer: { ...grid, rows: [] } },
  {
    url: '/api/core/hasync_status/restart_all',
    releases: from251,
    method: 'POST',
    answer: { status: 'failed' },
  },
  { url: '/api/core/firmware/status', releases: all, answer: { status: 'none', product: {} } },
  ...['check', 'update'].map((action) => ({
    url: `/api/core/firmware/${action}`,
    releases: all,
    method: 'POST' as const,
    answer: started,
  })),
  { url: '/api/core/firmware/upgradestatus', releases: all, answer: { status: 'running', log: '' } },
  { url: '/api/core/firmware/running', releases: all, answer: { status: 'ready' } },
  { url: '/api/core/firmware/info', releases: all, answer: { product_id: 'opnsense', package: [{}], plugin: [] } },
  { url: '/api/core/system/status', releases: all, answer: { metadata: { system: { status: 'OK' } }, subsystems: {} } },
  {
    url: '/api/diagnostics/system/system_information',
    releases: all,
    answer: {
      name: 'fw1.lab.internal',
      versions: [like(/^OPNsense 2\d\.\d-amd64$/), like(/^FreeBSD 1/), anyText],
    },
  },
  {
    url: '/api/diagnostics/system/system_time',
    releases: all,
    answer: {
      uptime: '10:10:07',
      datetime: 'Sat Nov 21 15:10:07 UTC 2026',
      boottime: 'Sat Nov 21 5:00:00 UTC 2026',
      config: 'Sat Nov 21 5:00:00 UTC 2026',
      loadavg: like(/^[\d.]+, [\d.]+, [\d.]+$/),
    },
  },
  {
    url: '/api/dnsmasq/leases/search',
    releases: from257,
    answer: { rows: [{ address: '192.168.1.50', if_descr: 'LAN' }] },
  },
  { url: '/api/kea/leases4/search', releases: all, answer: { ...grid, rows: [] } },
  { url: '/api/kea/leases6/search', releases: from257, answer: { ...grid, rows: [] } },
  { url: '/api/dhcpv4/leases/search_lease', releases: all.slice(0, 3), answer: { ...grid, rows: [] } },
  {
    url: '/api/diagnostics/log/core/system',
    releases: all,
    method: 'POST',
    body: { rowCount: 10 },
    answer: { total_rows: 2, origin: 'system', rows: [{ process_name: 'kernel', severity: 'Informational' }, {}] },
  },
]

it.each(all)(
  'OPNsense %s answers every route that it has in its documented shape, the others with 404',
  async (release) => {
    for (const { url, releases, method = 'GET', body, answer } of rows) {
      // 24.7 does not read JSON: what has to be read is sent as a form.
      const wish = body === undefined ? {} : release === '24.7' ? { form: formOf(body) } : { json: body }
      const fake = fakeFirewall('opnsense', release)
      const reply = await ask(siteOf(fake), method, url, { key: keys.all, ...wish })
      const where = `${release} ${method} ${url}`
      const has = releases.includes(release)
      const wanted = has ? [where, 200, answer] : [where, 404, { errorMessage: 'Endpoint not found' }]
      expect([where, reply.status, jsonOf(reply)]).toMatchObject(wanted)
    }
  },
)

function formOf(body: object): Record<string, string> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
}

it('the status of CARP is told in strings, its flag as a boolean', async () => {
  const reply = await ask(
    siteOf(fakeFirewall('opnsense', '25.7')),
    'GET',
    '/api/diagnostics/interface/get_vip_status',
    {
      key: keys.all,
    },
  )
  expect(jsonOf(reply)).toEqual({
    total: 1,
    rowCount: 1,
    current: 1,
    rows: [
      {
        interface: 'LAN',
        vhid: '1',
        advbase: '1',
        advskew: '0',
        subnet: '192.168.1.254',
        status: 'MASTER',
        mode: 'carp',
        status_txt: 'MASTER',
        vhid_txt: '1 (freq. 1/0)',
      },
    ],
    carp: { demotion: '0', allow: '1', maintenancemode: false, status_msg: '' },
  })
})

it('maintenance is a toggle, and a demotion without it is a problem', async () => {
  const fake = fakeFirewall('opnsense', '26.7')
  const site = siteOf(fake)
  const toggle = () => ask(site, 'POST', '/api/diagnostics/interface/carp_status/maintenance', { key: keys.all })
  const status = async () =>
    jsonOf(await ask(site, 'GET', '/api/diagnostics/interface/get_vip_status', { key: keys.all }))
  expect(jsonOf(await toggle())).toEqual({ status: 'ok', action: 'enter_maintenance' })
  expect(await status()).toMatchObject({ carp: { demotion: '240', maintenancemode: true, status_msg: '' } })
  expect(jsonOf(await toggle())).toEqual({ status: 'ok', action: 'leave_maintenance' })
  fake.live.demotion = 240
  expect(await status()).toMatchObject({
    carp: { maintenancemode: false, status_msg: like(/^CARP has/) },
  })
  fake.live.vips = []
  expect(await status()).toMatchObject({ carp: { status_msg: 'Could not locate any defined CARP interfaces.' } })
  fake.live.isBroken = true
  expect(await status()).toMatchObject({ rows: [], carp: [] })
  expect(fake.done).toEqual(['enterMaintenance', 'leaveMaintenance'])
})

it('an alias on a VHID is told with its number only, and can be left out', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  fake.live.vips = fake.live.vips.flatMap((vip) => [vip, { ...vip, mode: 'ipalias', address: '192.168.1.253' }])
  const url = '/api/diagnostics/interface/get_vip_status'
  const both = await ask(siteOf(fake), 'POST', url, { key: keys.all, json: {} })
  expect(jsonOf(both)).toMatchObject({ rows: [{}, { mode: 'ipalias', vhid_txt: '1', advskew: '' }] })
  const carp = await ask(siteOf(fake), 'POST', url, { key: keys.all, json: { mode: ['carp'] } })
  expect(jsonOf(carp)).toMatchObject({ total: 1, rows: [{ mode: 'carp' }] })
})

it('settings of sync are saved with the revision, or refused with the reason', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  const set = (hasync: object) => ask(siteOf(fake), 'POST', '/api/core/hasync/set', { key: keys.all, json: { hasync } })
  expect(jsonOf(await set({ synchronizetoip: '10.0.0.2', pfsyncversion: '1301', disablepreempt: '1' }))).toEqual({
    result: 'saved',
  })
  expect(fake.done).toEqual(['root: /api/core/hasync/set made changes'])
  const after = await ask(siteOf(fake), 'GET', '/api/core/hasync/get', { key: keys.all })
  expect(jsonOf(after)).toMatchObject({
    hasync: { synchronizetoip: '10.0.0.2', disablepreempt: '1', pfsyncversion: { '1301': { selected: 1 } } },
  })
  expect(jsonOf(await set({ pfsyncversion: '1500', syncitems: 'rules,x' }))).toEqual({
    result: 'failed',
    validations: { 'hasync.pfsyncversion': 'Option not in list.', 'hasync.syncitems': 'Option not in list.' },
  })
})
