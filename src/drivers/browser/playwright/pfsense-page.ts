import type { Page } from 'playwright'
import type { HaState, VhidState } from '../../../model/ha-state.ts'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import { signedIn } from './sign-in.ts'
import type { StatusPage } from './status-page.ts'

const path = '/status_carp.php'
const form = { button: 'input[name=login]', error: '#inputerrors, .alert-danger' }
const maintenance = '#carp_maintenancemode'
const allow = '[name=disablecarp]'
const reset = '#resetdemotion'
const values = { enter_maintenance: 'enable', leave_maintenance: 'disable' } as const

/** `Status: CARP (failover)`. Its buttons name what they would do, and its cells what each VIP is. Reference: firewalls page §4.2. */
export const pfsensePage: StatusPage = {
  async open(page, login) {
    await signedIn(page, { path, form, login }, async () => {})
    if ((await page.locator(maintenance).count()) === 0) throw noButtons(login.node)
    return await stateOf(page)
  },

  async pressMaintenance(page, now, wanted) {
    const value = await page.locator(maintenance).getAttribute('value')
    const sentMs = now()
    if (value === values[wanted]) await Promise.all([page.waitForEvent('load'), page.click(maintenance)])
    return { sentMs, ackedMs: now(), action: wanted }
  },
}

async function stateOf(page: Page): Promise<HaState> {
  const lines = await page.locator('tr').all()
  const rows = await Promise.all(lines.map(async (line) => await line.locator('td').allInnerTexts()))
  const isDemoted = (await page.locator(reset).count()) > 0
  const vhids = rows.flatMap((cells) => vhidOf(cells) ?? [])
  return {
    vhids: vhids.filter(({ vhid, nic }, at) => vhids.findIndex((one) => one.vhid === vhid && one.nic === nic) === at),
    demotion: isDemoted ? null : 0,
    allow: (await page.locator(allow).getAttribute('value')) === 'disable',
    preempt: null,
    syncOk: null,
    maintenance: (await page.locator(maintenance).getAttribute('value')) === 'disable',
    problem: isDemoted ? 'the page offers to reset a demotion that is not 0' : null,
  }
}

/** A row like `LAN@1`, address, description, `MASTER`; the page tells neither NIC nor timers. */
function vhidOf(cells: readonly string[]): VhidState | null {
  const name = /^\s*(.+)@(\d{1,3})\s*$/.exec(cells[0] ?? '')
  const state = cells.map((cell) => /^\s*(MASTER|BACKUP|INIT)\s*$/.exec(cell)?.[1]).find((found) => found !== undefined)
  if (name === null || (state !== 'MASTER' && state !== 'BACKUP' && state !== 'INIT')) return null
  return { vhid: Number(name[2]), nic: name[1] ?? '', state, advbase: null, advskew: null }
}

const noButtons = (node: string) =>
  new HarnessError(`expected the buttons of ${node}'s CARP status page, came a page without any`, {
    exitCode: exitCodes.unavailable,
    kind: 'not-json',
    hint: 'is a CARP VIP configured, and may this user see Status: CARP?',
  })
