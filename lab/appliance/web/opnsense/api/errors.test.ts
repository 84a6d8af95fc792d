import { describe, expect, it } from 'vitest'
import { ask, jsonOf, textOf, type Wish } from '../../client.fixture.ts'
import { keys } from '../../accounts.fixture.ts'
import { fakeFirewall, siteOf } from '../../fake-firewall.fixture.ts'

const vips = '/api/diagnostics/interface/get_vip_status'
const toggle = '/api/diagnostics/interface/carp_status/maintenance'
const set = '/api/core/hasync/set'

describe('what goes wrong with a key', () => {
  it.each<[string, string, string, Wish, number, object]>([
    ['a wrong key', 'GET', vips, { key: 'root-key:wrong' }, 401, { status: 401, message: 'Authentication Failed' }],
    ['no key at all', 'GET', vips, { headers: { authorization: 'Bearer x' } }, 401, { status: 401 }],
    [
      'a key without the right',
      'GET',
      '/api/core/hasync/get',
      { key: keys.carp },
      403,
      { status: 403, message: 'Forbidden' },
    ],
    ['an unknown controller', 'GET', '/api/x/y/z', {}, 404, { errorMessage: 'Endpoint not found' }],
    [
      'an unknown action',
      'GET',
      '/api/diagnostics/interface/x',
      { key: 'no:one' },
      404,
      { errorMessage: 'Endpoint not found' },
    ],
    [
      'too few parameters',
      'POST',
      '/api/diagnostics/interface/carp_status',
      { key: keys.all },
      404,
      { errorMessage: 'Endpoint not found' },
    ],
    [
      'JSON that is empty',
      'POST',
      vips,
      { key: keys.all, headers: { 'content-type': 'application/json' } },
      400,
      { status: 400, message: 'Invalid JSON syntax' },
    ],
    [
      'JSON that is empty, on GET',
      'GET',
      vips,
      { key: keys.all, headers: { 'content-type': 'application/json; charset=utf-8' } },
      400,
      { status: 400, message: 'Invalid JSON syntax' },
    ],
    ['a wrong verb', 'GET', toggle, { key: keys.all }, 200, { message: 'error' }],
    [
      'a wrong verb for the firmware',
      'GET',
      '/api/core/firmware/upgrade',
      { key: keys.all },
      200,
      { status: 'failure' },
    ],
    ['a wrong verb for a reboot', 'GET', '/api/core/system/reboot', { key: keys.all }, 200, { status: 'failed' }],
    ['a wrong verb for the log', 'GET', '/api/diagnostics/log/core/system', { key: keys.all }, 200, []],
    [
      'an unknown verb of CARP',
      'POST',
      '/api/diagnostics/interface/carp_status/x',
      { key: keys.all },
      200,
      { status: 'failed' },
    ],
  ])('%s', async (_, method, url, wish, status, body) => {
    const reply = await ask(siteOf(fakeFirewall('opnsense', '25.7')), method, url, wish)
    expect([reply.status, jsonOf(reply)]).toMatchObject([status, body])
  })

  it('malformed JSON is an empty body', async () => {
    const site = siteOf(fakeFirewall('opnsense', '25.7'))
    const headers = {
      authorization: `Basic ${Buffer.from(keys.all).toString('base64')}`,
      'content-type': 'application/json',
    }
    const request = { method: 'POST', url: set, path: set, query: new URLSearchParams(), headers }
    const reply = await site({ ...request, body: '{"hasync":' })
    expect([reply.status, jsonOf(reply)]).toEqual([200, { result: 'saved' }])
  })

  it.each([
    ['24.7', 500],
    ['26.1', 500],
    ['26.7', 403],
  ])('a mistake of the user has on %s the status %d', async (release, status) => {
    const wish = { key: keys.reader, form: { 'hasync[disablepreempt]': '1' } }
    const reply = await ask(siteOf(fakeFirewall('opnsense', release)), 'POST', set, wish)
    expect(reply.status).toBe(status)
    expect(jsonOf(reply)).toEqual({
      errorMessage: 'User reader denied for write access (user-config-readonly set)',
      errorTitle: '',
    })
  })

  it('any other mistake is in the log, not in the answer', async () => {
    const fake = fakeFirewall('opnsense', '25.7')
    fake.live.isBroken = true
    const reply = await ask(siteOf(fake), 'POST', toggle, { key: keys.all })
    expect([reply.status, jsonOf(reply)]).toEqual([500, { errorMessage: 'Unexpected error, check log for details' }])
  })

  it('JSON is not read by 24.7.0, forms are', async () => {
    const total = async (release: string, wish: Wish) =>
      jsonOf(await ask(siteOf(fakeFirewall('opnsense', release)), 'POST', vips, { key: keys.all, ...wish }))
    const search = { searchPhrase: 'nothing' }
    expect(await total('24.7', { json: search })).toMatchObject({ total: 1 })
    expect(await total('24.7', { form: search })).toMatchObject({ total: 0 })
    expect(await total('24.7.1', { json: search })).toMatchObject({ total: 0 })
  })

  it('addresses in camelCase are for who may see everything', async () => {
    const url = '/api/diagnostics/interface/getVipStatus'
    for (const [key, status] of [
      [keys.all, 200],
      [keys.carp, 403],
    ] as const) {
      expect((await ask(siteOf(fakeFirewall('opnsense', '26.7')), 'GET', url, { key })).status).toBe(status)
    }
  })

  it.each([
    ['24.7', 403],
    ['25.7', 403],
    ['26.1.10', 403],
    ['26.1.11', 200],
    ['26.7', 200],
  ])('who may see the CARP status may on %s change it with status %d', async (release, status) => {
    const fake = fakeFirewall('opnsense', release)
    expect((await ask(siteOf(fake), 'GET', vips, { key: keys.carp })).status).toBe(200)
    expect((await ask(siteOf(fake), 'POST', toggle, { key: keys.carp })).status).toBe(status)
    expect(fake.live.maintenance).toBe(status === 200)
  })

  it('a revoked key is a wrong key, while the WebGUI lets its owner in', async () => {
    const site = siteOf(fakeFirewall('opnsense', '25.7', ['api-key-revoked']))
    expect((await ask(site, 'GET', vips, { key: keys.all })).status).toBe(401)
    expect(textOf(await ask(site, 'GET', '/'))).toContain('id="usernamefld"')
  })
})

describe('what goes wrong in a browser', () => {
  it('without a session the answer is an empty 401', async () => {
    const reply = await ask(siteOf(fakeFirewall('opnsense', '25.7')), 'GET', vips)
    expect([reply.status, reply.body]).toEqual([401, ''])
  })

  it('an unknown address is 404 before anybody is asked who they are', async () => {
    expect((await ask(siteOf(fakeFirewall('opnsense', '24.7')), 'GET', '/api/core/hasync_status/version')).status).toBe(
      404,
    )
  })
})
