import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { FirewallRoles } from '../../../../ports/firewall.ts'
import { type ScriptedFirewall, startScriptedFirewall } from '../../fixture/scripted-firewall.ts'
import { restClient } from '../../rest/client.ts'
import { parseCheck } from './firmware.ts'
import { pfsenseAuthorization, pfsenseOverRest } from './index.ts'

const { signal } = new AbortController()
const time = { nowMs: 0 }
const clock = { nowMs: () => (time.nowMs += 1), sleep: async (ms: number) => void (time.nowMs += ms) }
let firewall: ScriptedFirewall
let client: ReturnType<typeof restClient>
let roles: FirewallRoles

/** The node behind the script. */
const node = { enable: true, maintenance: false, skew: 0, status: 'master', demotion: 0 }
const ok = (data: unknown) => ({ body: { code: 200, status: 'ok', response_id: 'SUCCESS', message: '', data } })
const vips = () => [
  {
    id: 0,
    mode: 'carp',
    interface: 'lan',
    vhid: 1,
    advbase: 1,
    advskew: 0,
    carp_status: node.enable ? node.status : 'disabled',
  },
  { id: 1, mode: 'ipalias', interface: '_vip1', vhid: null, carp_status: null },
]
const kernel = () =>
  [
    'firedrill: ifconfig',
    'vtnet0: flags=1',
    ...(node.enable ? [`\tcarp: MASTER vhid 1 advbase 1 advskew ${node.maintenance ? 254 : node.skew}`] : []),
    'firedrill: carp',
    `net.inet.carp.allow: ${Number(node.enable)}`,
    'net.inet.carp.preempt: 1',
    `net.inet.carp.demotion: ${node.demotion}`,
    'firedrill: pfsync',
    'firedrill: flag',
    String(Number(node.maintenance)),
    'firedrill: end',
  ].join('\n')

beforeEach(async () => {
  Object.assign(node, { enable: true, maintenance: false, skew: 0, status: 'master', demotion: 0 })
  firewall = await startScriptedFirewall('user=admin\npassword=pfsense\n')
  client = restClient({
    product: 'pfSense',
    access: { fw1: firewall.access },
    authorization: pfsenseAuthorization,
    learnFingerprint: () => Promise.reject(new Error('pinned')),
    clock,
  })
  roles = pfsenseOverRest(client, clock)
  firewall.script['GET /api/v2/firewall/virtual_ips?limit=0'] = () => ok(vips())
  firewall.script['GET /api/v2/status/carp'] = () => ok({ enable: node.enable, maintenance_mode: node.maintenance })
  firewall.script['PATCH /api/v2/status/carp'] = (body) => {
    const wanted = z.object({ enable: z.boolean(), maintenance_mode: z.boolean() }).parse(body)
    Object.assign(node, { enable: wanted.enable, maintenance: wanted.maintenance_mode })
    return ok(wanted)
  }
  firewall.script['POST /api/v2/diagnostics/command_prompt'] = () => ok({ output: kernel(), result_code: 0 })
})
afterEach(async () => {
  await client.close()
  await firewall.close()
})

test("the state is the product's own where it tells it, and the kernel's where it does not", async () => {
  node.status = 'backup'
  expect(await roles.haReader.read('fw1', signal)).toEqual({
    vhids: [{ vhid: 1, nic: 'vtnet0', state: 'BACKUP', advbase: 1, advskew: 0 }],
    demotion: 0,
    allow: true,
    preempt: true,
    syncOk: null,
    maintenance: false,
    problem: null,
  })
  expect(firewall.seen[0]?.headers.authorization).toBe(`Basic ${btoa('admin:pfsense')}`)
})

test('a state that is none of CARP is an error', async () => {
  node.status = 'unknown'
  await expect(roles.haReader.read('fw1', signal)).rejects.toMatchObject({ kind: 'not-understood' })
})

test('both fields go in every change, and each is verified', async () => {
  await roles.maintenance?.enter('fw1', signal)
  expect(JSON.parse(firewall.seen.find(({ call }) => call.startsWith('PATCH'))?.body ?? '')).toEqual({
    enable: true,
    maintenance_mode: true,
  })
  await roles.maintenance?.leave('fw1', signal)
  await roles.carpSwitch?.disable('fw1', signal)
  expect(node).toMatchObject({ enable: false, maintenance: false })
  await roles.carpSwitch?.enable('fw1', signal)
  expect(node.enable).toBe(true)
})

test('a missing privilege is named as the REST package names it', async () => {
  firewall.script['PATCH /api/v2/status/carp'] = {
    status: 403,
    body: {
      code: 403,
      status: 'forbidden',
      response_id: 'AUTH_AUTHORIZATION_FAILED',
      message: 'Authorization failed',
      data: [],
    },
  }
  await expect(roles.maintenance?.enter('fw1', signal)).rejects.toMatchObject({
    kind: 'forbidden',
    hint: 'the user needs the privilege api-v2-status-carp-patch',
  })
})

test('an envelope that does not say ok is no answer, and a command that fails is told with its last line', async () => {
  firewall.script['GET /api/v2/status/carp'] = { body: { code: 200, status: 'error', data: {} } }
  await expect(roles.haReader.read('fw1', signal)).rejects.toMatchObject({ kind: 'not-json' })
  firewall.script['POST /api/v2/diagnostics/command_prompt'] = ok({ output: 'x\npfctl: not found', result_code: 127 })
  await expect(roles.filter?.isEnabled('fw1', signal)).rejects.toThrow(
    'expected fw1 to tell whether pf is on, its command failed with exit code 127: pfctl: not found',
  )
})

test('whether there is an update is told by the exit code', () => {
  expect(parseCheck('fw1', 'Your system is up to date\nexit 0\n')).toMatchObject({ status: 'none' })
  expect(parseCheck('fw1', '2.8.1 version of pfSense is available\nexit 2\n')).toMatchObject({
    status: 'update',
    message: '2.8.1 version of pfSense is available',
  })
  expect(() => parseCheck('fw1', 'ERROR: no route\nexit 1\n')).toThrow('exit code 1: ERROR: no route')
})
