import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { FirewallRoles, StatusPages } from '../../../ports/firewall.ts'
import { pressUntil } from './maintenance.ts'
import { opnsensePage } from './opnsense-page.ts'
import { pfsensePage } from './pfsense-page.ts'
import type { StatusPage } from './status-page.ts'
import { Visit, type WebGuiAccess } from './visit.ts'

export type { WebGuiAccess } from './visit.ts'

/** What can be done at the firewalls of a lab as a person with a browser does it. */
export interface WebGui extends Required<Pick<FirewallRoles, 'haReader' | 'maintenance'>> {
  pages: StatusPages
  close(): Promise<void>
}

const statusPages: Record<WebGuiAccess['product'], StatusPage> = { OPNsense: opnsensePage, pfSense: pfsensePage }

/** The WebGUIs of a lab's firewalls through the system's Chromium, one browser per node, opened when it is first needed. */
export function connectWebGui(access: Readonly<Record<string, WebGuiAccess>>, clock: Clock): WebGui {
  const visits = new Map(Object.entries(access).map(([node, one]) => [node, new Visit(node, one)]))
  const at = (node: string) => {
    const [visit, one] = [visits.get(node), access[node]]
    if (visit === undefined || one === undefined) throw noWebGui(node, Object.keys(access))
    const statusPage = statusPages[one.product]
    const login = async () => ({ node, ...(await one.login()) })
    return { visit, statusPage, login }
  }
  const press = async (node: string, wanted: boolean, signal: AbortSignal) => {
    const { visit, statusPage, login } = at(node)
    const who = await login()
    return await visit.do(async (page) => await pressUntil({ page, statusPage, who, wanted, clock, signal }), signal)
  }
  return {
    haReader: {
      async read(node, signal) {
        const { visit, statusPage, login } = at(node)
        const who = await login()
        return await visit.do(async (page) => await statusPage.open(page, who), signal)
      },
    },
    maintenance: {
      enter: async (node, signal) => await press(node, true, signal),
      leave: async (node, signal) => await press(node, false, signal),
    },
    pages: {
      async carpStatus(node, signal) {
        const { visit, statusPage, login } = at(node)
        const who = await login()
        return await visit.do(async (page) => {
          await statusPage.open(page, who)
          return await page.screenshot({ fullPage: true })
        }, signal)
      },
    },
    close: async () => void (await Promise.all([...visits.values()].map(async (visit) => await visit.close()))),
  }
}

const noWebGui = (node: string, known: readonly string[]) =>
  new HarnessError(`expected a WebGUI for ${node} in the target file, came ${known.join(', ') || 'none'}`, {
    exitCode: exitCodes.unavailable,
    kind: 'no-such-role',
    hint: `add machines.${node}.api with url and credentialsFile (user= and password=)`,
  })
