import { expect, it } from 'vitest'
import { ask, jsonOf, type Wish } from '../../client.fixture.ts'
import { fakeFirewall, siteOf } from '../../fake-firewall.fixture.ts'

const admin = 'root:secret'
const ok = (data: unknown) => ({ code: 200, status: 'ok', response_id: 'SUCCESS', message: '', data })

it.each<[string, string, object | undefined, unknown]>([
  ['GET', '/status/carp', undefined, { enable: true, maintenance_mode: false }],
  ['PATCH', '/status/carp', { enable: true, maintenance_mode: true }, { enable: true, maintenance_mode: true }],
  [
    'GET',
    '/firewall/virtual_ips?limit=0',
    undefined,
    [
      {
        id: 0,
        uniqid: 'a1',
        mode: 'carp',
        interface: 'lan',
        subnet: '192.168.1.254',
        subnet_bits: 24,
        vhid: 1,
        advbase: 1,
        advskew: 0,
        carp_status: 'master',
      },
    ],
  ],
  ['GET', '/firewall/states', undefined, [{ protocol: 'tcp', stateid: '00000000000000a1', creatorid: 'ab12cd34' }]],
  [
    'GET',
    '/firewall/states/size',
    undefined,
    { maximumstates: 397000, defaultmaximumstates: 397000, currentstates: 1 },
  ],
  [
    'GET',
    '/status/interfaces',
    undefined,
    [{ name: 'lan', hwif: 'vtnet1', status: 'up', ipaddr: '192.168.1.2', subnet: '255.255.255.0' }],
  ],
  ['GET', '/status/logs/system', undefined, [{ id: 0 }, { id: 1 }]],
  ['GET', '/status/dhcp_server/leases', undefined, [{ ip: '192.168.1.50', mac: 'bc:24:11:00:00:50' }]],
  ['GET', '/system/version', undefined, { version: '2.8.1-RELEASE', base: '15.0-CURRENT' }],
  ['POST', '/diagnostics/command_prompt', { command: 'uname' }, { output: 'ran uname', result_code: 0 }],
  ['POST', '/diagnostics/command_prompt', { command: 'false' }, { result_code: 1 }],
  ['POST', '/diagnostics/reboot', { dry_run: true }, { dry_run: true }],
  ['POST', '/diagnostics/halt_system', { dry_run: true }, { dry_run: true }],
  ['POST', '/auth/jwt', undefined, {}],
])('%s %s answers in the envelope', async (method, path, json, data) => {
  const wish = { key: admin, ...(json !== undefined && { json }) }
  const reply = await ask(siteOf(fakeFirewall('pfsense', '2.8')), method, `/api/v2${path}`, wish)
  expect([reply.status, jsonOf(reply)]).toMatchObject([200, ok(data)])
})

it.each<[string, string, string, Wish, number, string]>([
  ['a wrong password', 'GET', '/status/carp', { key: 'root:wrong' }, 401, 'AUTH_AUTHENTICATION_FAILED'],
  ['nobody', 'GET', '/status/carp', {}, 401, 'AUTH_AUTHENTICATION_FAILED'],
  [
    'a verb without its privilege',
    'PATCH',
    '/status/carp',
    { key: 'watcher:secret', json: {} },
    403,
    'AUTH_AUTHORIZATION_FAILED',
  ],
  [
    'a field that is missing',
    'PATCH',
    '/status/carp',
    { key: admin, json: { enable: true } },
    400,
    'FIELD_IS_REQUIRED',
  ],
  [
    'a field of another type',
    'PATCH',
    '/status/carp',
    { key: admin, json: { enable: 1, maintenance_mode: false } },
    400,
    'FIELD_INVALID_TYPE',
  ],
  ['an unknown endpoint', 'GET', '/x', { key: admin }, 404, 'ENDPOINT_NOT_FOUND'],
  ['an unknown verb', 'PUT', '/status/carp', { key: admin }, 405, 'ENDPOINT_METHOD_NOT_ALLOWED'],
])('%s is refused', async (_, method, path, wish, status, responseId) => {
  const fake = fakeFirewall('pfsense', '2.8')
  const reply = await ask(siteOf(fake), method, `/api/v2${path}`, wish)
  expect([reply.status, jsonOf(reply)]).toMatchObject([status, { code: status, response_id: responseId, data: [] }])
  expect(fake.done).toEqual([])
})

it('who may read CARP may do just that', async () => {
  const wish = { key: 'watcher:secret' }
  expect((await ask(siteOf(fakeFirewall('pfsense', '2.8')), 'GET', '/api/v2/status/carp', wish)).status).toBe(200)
})

it('what is already so is left alone', async () => {
  const fake = fakeFirewall('pfsense', '2.8')
  const set = (json: object) => ask(siteOf(fake), 'PATCH', '/api/v2/status/carp', { key: admin, json })
  await set({ enable: true, maintenance_mode: false })
  expect(fake.done).toEqual([])
  await set({ enable: false, maintenance_mode: true })
  expect(fake.done).toEqual(['disable', 'enterMaintenance'])
  const vips = await ask(siteOf(fake), 'GET', '/api/v2/firewall/virtual_ips', { key: admin })
  expect(jsonOf(vips)).toMatchObject({ data: [{ carp_status: 'disabled' }] })
})

it('keys and tokens are for who has allowed them', async () => {
  const url = '/api/v2/status/carp'
  const fake = fakeFirewall('pfsense', '2.8')
  const site = siteOf(fake)
  const withKey = () => ask(site, 'GET', url, { headers: { 'x-api-key': 'the-key' } })
  expect((await withKey()).status).toBe(401)
  fake.installRestPackage('KeyAuth,JWTAuth', 'the-key')
  expect((await withKey()).status).toBe(200)
  expect((await ask(site, 'GET', url, { key: admin })).status).toBe(401)
  const answer = jsonOf(await ask(site, 'POST', '/api/v2/auth/jwt', { key: admin }))
  const token = /"token":"([^"]+)"/.exec(JSON.stringify(answer))?.[1] ?? ''
  const bearer = (text: string) => ask(site, 'GET', url, { headers: { authorization: `Bearer ${text}` } })
  expect((await bearer(token)).status).toBe(200)
  for (const wrong of [`${token}x`, 'a.b.c', '']) expect((await bearer(wrong)).status).toBe(401)
})

it('with a revoked key nobody calls the API', async () => {
  const site = siteOf(fakeFirewall('pfsense', '2.8', ['api-key-revoked']))
  expect((await ask(site, 'GET', '/api/v2/status/carp', { key: admin })).status).toBe(401)
})
