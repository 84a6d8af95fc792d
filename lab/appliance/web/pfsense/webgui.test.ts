import { expect, it } from 'vitest'
import { ask, cookieOf, textOf } from '../client.fixture.ts'
import { type FakeFirewall, fakeFirewall, siteOf } from '../fake-firewall.fixture.ts'

const carpPage = '/status_carp.php'

/** A browser: keeps its cookie, and sends a form with the magic of the page before. */
function openBrowser(fake: FakeFirewall) {
  const site = siteOf(fake)
  let cookie = ''
  let magic = ''
  const keep = (reply: Awaited<ReturnType<typeof ask>>) => {
    cookie = cookieOf(reply) || cookie
    magic = /name="__csrf_magic" value="([^"]+)"/.exec(textOf(reply))?.[1] ?? magic
    return reply
  }
  const get = async () => keep(await ask(site, 'GET', carpPage, { cookie }))
  const post = async (fields: Record<string, string>) =>
    keep(await ask(site, 'POST', carpPage, { cookie, form: { __csrf_magic: magic, ...fields } }))
  const logIn = async (password = 'secret') => {
    await get()
    const reply = await post({ usernamefld: 'root', passwordfld: password, login: 'Sign In' })
    return reply
  }
  return { get, post, logIn }
}

it('the login has its fields, and says when a password is wrong', async () => {
  const browser = openBrowser(fakeFirewall('pfsense', '2.8'))
  const form = textOf(await browser.get())
  for (const part of ['id="usernamefld"', 'id="passwordfld"', 'name="login"', 'value="Sign In"'])
    expect(form).toContain(part)
  expect(textOf(await browser.logIn('guess'))).toContain('Username or Password incorrect')
  expect((await browser.logIn()).status).toBe(302)
})

it('the page shows each VIP and the creators of states, its own marked', async () => {
  const browser = openBrowser(fakeFirewall('pfsense', '2.8'))
  await browser.logIn()
  const html = textOf(await browser.get())
  expect(html).toContain('<td>LAN@1</td><td>192.168.1.254/24</td><td>LAN VIP</td>')
  expect(html).toMatch(/<span class="state MASTER">MASTER<\/span>/)
  expect(html).toContain('ab12cd34 (This node)')
  expect(html).not.toContain('resetdemotion')
})

it('buttons have explicit targets: asked for again, they say that it is so', async () => {
  const fake = fakeFirewall('pfsense', '2.8')
  const browser = openBrowser(fake)
  await browser.logIn()
  const before = textOf(await browser.get())
  expect(before).toContain('value="enable">Enter Persistent CARP Maintenance Mode')
  expect(before).toContain('name="disablecarp" value="disable">Temporarily Disable CARP')
  const entered = textOf(await browser.post({ carp_maintenancemode: 'enable' }))
  expect(entered).toContain('value="disable">Leave Persistent CARP Maintenance Mode')
  expect(textOf(await browser.post({ carp_maintenancemode: 'enable' }))).toContain('is already enabled')
  expect(textOf(await browser.post({ disablecarp: 'disable' }))).toContain('1 IPs have been disabled')
  expect(textOf(await browser.post({ disablecarp: 'disable' }))).toContain('is already disabled')
  expect(fake.done).toEqual(['enterMaintenance', 'disable'])
})

it('a demotion can be reset, and without VIPs there is a notice only', async () => {
  const fake = fakeFirewall('pfsense', '2.8')
  const browser = openBrowser(fake)
  await browser.logIn()
  fake.live.demotion = 480
  expect(textOf(await browser.get())).toContain('id="resetdemotion"')
  await browser.post({ resetdemotion: 'yes' })
  expect(fake.done).toEqual(['sysctl net.inet.carp.demotion=-480'])
  fake.live.vips = []
  const html = textOf(await browser.get())
  expect(html).toContain('No CARP interfaces have been defined.')
  expect(html).not.toContain('carp_maintenancemode')
})

it('a form without magic is refused before anything else', async () => {
  const fake = fakeFirewall('pfsense', '2.8')
  const browser = openBrowser(fake)
  await browser.logIn()
  const reply = await browser.post({ __csrf_magic: 'sid:x,1', carp_maintenancemode: 'enable' })
  expect([reply.status, textOf(reply)]).toEqual([403, expect.stringContaining('CSRF check failed')])
  expect(fake.done).toEqual([])
})
