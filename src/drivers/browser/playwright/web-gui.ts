import type { Page } from 'playwright'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { HaState } from '../../../model/ha-state.ts'
import type { FirewallRoles, HaReader, MaintenanceControl, StatusPages } from '../../../ports/firewall.ts'
import { explicitMaintenance } from '../../firewall/maintenance/explicit.ts'
import { type ToggleAction, toggledMaintenance } from '../../firewall/maintenance/toggle.ts'
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
  /** Does something on the filled status page of a node. */
  const onStatus = async <T>(node: string, act: (visited: Visited) => Promise<T>, signal: AbortSignal): Promise<T> => {
    const [visit, one] = [visits.get(node), access[node]]
    if (visit === undefined || one === undefined) throw noWebGui(node, Object.keys(access))
    const statusPage = statusPages[one.product]
    const login = { node, ...(await one.login()) }
    return await visit.do(async (page) => {
      const state = await statusPage.open(page, login)
      return await act({ page, statusPage, state })
    }, signal)
  }
  return {
    haReader: { read: async (node, signal) => await onStatus(node, async ({ state }) => state, signal) },
    maintenance: maintenanceOf(access, onStatus, clock),
    pages: {
      carpStatus: async (node, signal) =>
        await onStatus(node, async ({ page }) => await page.screenshot({ fullPage: true }), signal),
    },
    close: async () => void (await Promise.all([...visits.values()].map(async (visit) => await visit.close()))),
  }
}

interface Visited {
  page: Page
  statusPage: StatusPage
  state: HaState
}

type OnStatus = <T>(node: string, act: (visited: Visited) => Promise<T>, signal: AbortSignal) => Promise<T>

/** The same decisions and verifications as by any other way in; only the hand on the button is different. */
function maintenanceOf(
  access: Readonly<Record<string, WebGuiAccess>>,
  onStatus: OnStatus,
  clock: Clock,
): MaintenanceControl {
  const haReader: HaReader = { read: async (node, signal) => await onStatus(node, async ({ state }) => state, signal) }
  const press = async (node: string, wanted: ToggleAction, signal: AbortSignal) =>
    await onStatus(
      node,
      async ({ page, statusPage }) => await statusPage.pressMaintenance(page, clock.nowMs, wanted),
      signal,
    )
  const flip = async (node: string, signal: AbortSignal) => await press(node, 'enter_maintenance', signal)
  const set = async (node: string, on: boolean, signal: AbortSignal) =>
    await press(node, on ? 'enter_maintenance' : 'leave_maintenance', signal)
  const controls = {
    OPNsense: toggledMaintenance({ haReader, flip, clock }),
    pfSense: explicitMaintenance({ haReader, set, clock }),
  }
  const at = (node: string) => controls[access[node]?.product ?? 'OPNsense']
  return {
    enter: async (node, signal) => await at(node).enter(node, signal),
    leave: async (node, signal) => await at(node).leave(node, signal),
  }
}

const noWebGui = (node: string, known: readonly string[]) =>
  new HarnessError(`expected a WebGUI for ${node} in the target file, came ${known.join(', ') || 'none'}`, {
    exitCode: exitCodes.unavailable,
    kind: 'no-such-role',
    hint: `add machines.${node}.api with url and credentialsFile (user= and password=)`,
  })
