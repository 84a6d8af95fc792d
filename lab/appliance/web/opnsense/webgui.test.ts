import { expect, it } from 'vitest'
import type { Site } from '../exchange.ts'
import { ask, cookieOf, jsonOf, textOf } from '../client.fixture.ts'
import { fakeFirewall, siteOf } from '../fake-firewall.fixture.ts'

const vipPage = '/ui/diagnostics/interface/vip'

/** Logs in as a browser does; resolves with the cookie and the token of its pages. */
async function logIn(site: Site, user = 'root', password = 'secret') {
  const first = await ask(site, 'GET', vipPage)
  const [, name = '', value = ''] = /<input type="hidden" name="(\w+)" value="(\w+)"/.exec(textOf(first)) ?? []
  const form = { [name]: value, usernamefld: user, passwordfld: password, login: '1' }
  const reply = await ask(site, 'POST', vipPage, { form, cookie: cookieOf(first) })
  const cookie = cookieOf(reply)
  const page = await ask(site, 'GET', vipPage, { cookie })
  const token = /name="csrf-token" content="(\w+)"/.exec(textOf(page))?.[1] ?? ''
  return { first, reply, cookie, page, token, hiddenName: name }
}

it('in front of every page is a login whose hidden field has a new name each time', async () => {
  const site = siteOf(fakeFirewall('opnsense', '25.7'))
  const [one, other] = [await logIn(site), await logIn(site)]
  const html = textOf(one.first)
  expect(one.first.status).toBe(200)
  for (const part of ['class="page-login"', 'id="iform"', 'id="usernamefld"', 'id="passwordfld"', 'name="login"']) {
    expect(html).toContain(part)
  }
  expect(one.hiddenName).not.toBe(other.hiddenName)
  expect([one.reply.status, one.reply.headers['location']]).toEqual([302, vipPage])
})

it('a wrong password is told, a form of somebody else is refused', async () => {
  const site = siteOf(fakeFirewall('opnsense', '25.7'))
  const wrong = await logIn(site, 'root', 'guess')
  expect(textOf(wrong.reply)).toContain('<div id="inputerrors" class="alert error">Wrong username or password.</div>')
  const form = { x: 'y', usernamefld: 'root', passwordfld: 'secret', login: '1' }
  const forged = await ask(site, 'POST', '/', { form, cookie: cookieOf(wrong.first) })
  expect([forged.status, textOf(forged)]).toEqual([403, expect.stringContaining('CSRF check failed')])
})

it.each([
  ['25.1', 'bootgrid-table', 'tabulator-table'],
  ['25.7', 'tabulator-table', 'bootgrid-table'],
])('the CARP page of %s has its buttons, values and a grid of class %s', async (release, grid, other) => {
  const { page } = await logIn(siteOf(fakeFirewall('opnsense', release)))
  const html = textOf(page)
  for (const id of ['enable', 'disable', 'maintenance']) {
    expect(html).toMatch(new RegExp(`<button id="carp_status_${id}" class="carp_action"[^>]* hidden`))
  }
  const values = ['carp_allowed', 'carp_maintenance_mode', 'carp_demotion_level', 'carp_status_msg', 'mode_filter']
  for (const id of [...values, 'grid-vips', 'grid-pfsyncnodes', 'addresses', 'pfsync'])
    expect(html).toContain(`id="${id}"`)
  expect(html).toContain(`class="${grid}"`)
  expect(html).not.toContain(`class="${other}"`)
})

it('a session may call the API, with the token of its pages where it changes something, and gets texts escaped', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  const site = siteOf(fake)
  const { cookie, token } = await logIn(site)
  const toggle = '/api/diagnostics/interface/carp_status/maintenance'
  expect((await ask(site, 'POST', toggle, { cookie, json: {} })).status).toBe(403)
  const headers = { 'x-csrftoken': token }
  expect(jsonOf(await ask(site, 'POST', toggle, { cookie, headers, json: {} }))).toMatchObject({ status: 'ok' })
  Object.assign(fake.live, { maintenance: false, demotion: 480 })
  const status = await ask(site, 'GET', '/api/diagnostics/interface/get_vip_status', { cookie })
  expect(textOf(status)).toContain('status.&lt;br /&gt;Check link')
})

it('who may see one page only is led there, and 403 is empty for a browser', async () => {
  const site = siteOf(fakeFirewall('opnsense', '25.7'))
  const { cookie } = await logIn(site, 'watcher')
  const root = await ask(site, 'GET', '/', { cookie })
  expect([root.status, root.headers['location']]).toEqual([302, vipPage])
  const refused = await ask(site, 'GET', '/api/core/hasync/get', { cookie })
  expect([refused.status, refused.body]).toEqual([403, ''])
})

it('a page that the release does not have is not found, nor is a name that is not the own', async () => {
  const old = siteOf(fakeFirewall('opnsense', '24.7'))
  const { cookie } = await logIn(old)
  expect((await ask(old, 'GET', '/ui/core/hasync_status', { cookie })).status).toBe(404)
  expect((await ask(old, 'GET', '/', { headers: { host: 'evil.example' } })).status).toBe(501)
  expect((await ask(old, 'GET', '/', { headers: { host: 'FW1.lab.internal:4444' } })).status).toBe(200)
})

it('who logs out is out', async () => {
  const site = siteOf(fakeFirewall('opnsense', '25.7'))
  const { cookie } = await logIn(site)
  await ask(site, 'GET', '/?logout', { cookie })
  expect(textOf(await ask(site, 'GET', vipPage, { cookie }))).toContain('id="usernamefld"')
})
