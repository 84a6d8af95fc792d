import { expect, it } from 'vitest'
import { textOf } from '../client.fixture.ts'
import { type FakeFirewall, fakeFirewall, siteOf } from '../fake-firewall.fixture.ts'
import { parseResponse, renderCall, type RpcValue } from './codec.ts'

async function rpc(fake: FakeFirewall, credentials: string, method: string, params: RpcValue[] = []) {
  const url = '/xmlrpc.php'
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
  const body = renderCall({ method, params })
  return siteOf(fake)({ method: 'POST', url, path: url, query: new URLSearchParams(), headers, body })
}

it.each(['opnsense', 'pfsense'] as const)('%s takes sections from the peer', async (flavour) => {
  const fake = fakeFirewall(flavour, flavour === 'opnsense' ? '25.7' : '2.8')
  const vip = { vip: [{ vhid: '1', advskew: '100' }, { vhid: '2' }] }
  const reply = await rpc(fake, 'root:secret', `${flavour}.restore_config_section`, [{ virtualip: vip, nat: {} }])
  expect(parseResponse(textOf(reply))).toBe(true)
  expect(fake.done).toEqual(['accept virtualip,nat'])
})

it('both tell their versions, pfSense that of its configuration too', async () => {
  const opnsense = await rpc(fakeFirewall('opnsense', '25.7'), 'root:secret', 'opnsense.firmware_version')
  expect(parseResponse(textOf(opnsense))).toMatchObject({ firmware: { version: '25.7' }, kernel: { version: '25.7' } })
  const pfsense = await rpc(fakeFirewall('pfsense', '2.7'), 'root:secret', 'pfsense.host_firmware_version')
  expect(parseResponse(textOf(pfsense))).toMatchObject({ config_version: '23.3' })
})

it('a wrong password is 401, a right that is missing and an unknown method are faults', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  expect((await rpc(fake, 'root:wrong', 'opnsense.firmware_version')).status).toBe(401)
  const watcher = await rpc(fake, 'watcher:secret', 'opnsense.firmware_version')
  expect(() => parseResponse(textOf(watcher))).toThrow('not enough privileges')
  const unknown = await rpc(fake, 'root:secret', 'pfsense.exec_php', ['x'])
  expect(() => parseResponse(textOf(unknown))).toThrow('does not exist')
  const nothing = await rpc(fake, 'root:secret', 'opnsense.restore_config_section', ['x'])
  expect(() => parseResponse(textOf(nothing))).toThrow('expected sections')
  expect(fake.done).toEqual([])
})

it('services are listed, and pf is set up again', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  const listed = parseResponse(textOf(await rpc(fake, 'root:secret', 'opnsense.list_services')))
  expect(listed).toMatchObject([{ name: 'pf', status: true }, { name: 'pfsync' }, { name: 'openssh' }])
  expect(parseResponse(textOf(await rpc(fake, 'root:secret', 'opnsense.restart_service', ['pf'])))).toBe(true)
  expect(fake.done).toEqual(['pf on'])
})
