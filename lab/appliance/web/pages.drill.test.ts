import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type FakeFirewall, fakeFirewall } from './fake-firewall.fixture.ts'
import { startWeb } from './start-web.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-pages-'))
const socket = join(folder, 'https.sock')
const closers: (() => void)[] = []
let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
})

afterEach(() => {
  for (const close of closers.splice(0)) close()
})

afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

async function open(fake: FakeFirewall, path: string): Promise<Page> {
  const web = await startWeb(
    fake.firewall,
    { isStill: () => false },
    { certificate: join(folder, 'cert'), socket, port: 0 },
  )
  const relay: Server = createServer((outside) => {
    const inside = connect(socket)
    for (const each of [outside, inside]) each.on('error', () => each.destroy())
    outside.pipe(inside).pipe(outside)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const address = relay.address()
  const page = await browser.newPage({ ignoreHTTPSErrors: true })
  closers.push(
    web.stop,
    () => relay.close(),
    () => void page.close(),
  )
  const port = typeof address === 'object' ? address?.port : undefined
  await page.goto(`https://127.0.0.1:${port}${path}`)
  await page.fill('#usernamefld', 'root')
  await page.fill('#passwordfld', 'secret')
  await page.click('[name=login]')
  return page
}

it.each([
  ['25.1', '#grid-vips tbody tr'],
  ['25.7', '#grid-vips .tabulator-row'],
])('OPNsense %s fills its grid and toggles maintenance', async (release, rows) => {
  const fake = fakeFirewall('opnsense', release)
  const page = await open(fake, '/ui/diagnostics/interface/vip')
  await page.waitForSelector('#carp_status_maintenance:visible')
  expect(await page.locator(rows).allInnerTexts()).toEqual([
    expect.stringMatching(/LAN\s+1 \(freq. 1\/0\)\s+192.168.1.254\s+MASTER/),
  ])
  expect(await page.locator('#carp_status_enable').isVisible()).toBe(false)
  expect(await page.innerText('#carp_status_maintenance b')).toBe('Enter Persistent CARP Maintenance Mode')
  await page.click('#carp_status_maintenance')
  await expect.poll(() => page.innerText('#carp_status_maintenance b')).toBe('Leave Persistent CARP Maintenance Mode')
  expect(await page.innerText('#carp_demotion_level')).toBe('240')
  await page.click('#carp_status_disable')
  await expect.poll(() => page.locator('#carp_status_enable').isVisible()).toBe(true)
  expect(fake.done).toEqual(['enterMaintenance', 'disable'])
  expect(await page.locator('#grid-pfsyncnodes').innerText()).toContain('ab12cd34')
})

it('OPNsense tells a problem in words, and a peer that is not there', async () => {
  const fake = fakeFirewall('opnsense', '26.7')
  fake.live.demotion = 480
  const page = await open(fake, '/ui/diagnostics/interface/vip')
  await page.waitForSelector('#carp_status_msg:visible')
  expect(await page.innerText('#carp_status_msg')).toMatch(/^CARP has detected a problem .* BACKUP status. Check link/)
  await page.goto(new URL('/ui/core/hasync_status', page.url()).href)
  await page.waitForSelector('#status_error:visible')
  expect(await page.locator('#status_ok').isVisible()).toBe(false)
})

it('OPNsense reboots when asked twice', async () => {
  const fake = fakeFirewall('opnsense', '25.7')
  const page = await open(fake, '/ui/core/reboot')
  await page.click('#do-reboot')
  await page.waitForSelector('#rebooting:visible')
  await expect.poll(() => fake.done).toEqual(['reboot'])
})

it('pfSense enters and leaves maintenance', async () => {
  const fake = fakeFirewall('pfsense', '2.8')
  const page = await open(fake, '/status_carp.php')
  for (const value of ['enable', 'disable']) {
    const button = page.locator('#carp_maintenancemode')
    expect(await button.getAttribute('value')).toBe(value)
    await Promise.all([page.waitForEvent('load'), button.click()])
  }
  expect(fake.done).toEqual(['enterMaintenance', 'leaveMaintenance'])
  expect(await page.locator('tr td').allInnerTexts()).toEqual(['LAN@1', '192.168.1.254/24', 'LAN VIP', 'MASTER'])
})
