import type { Page, Response } from 'playwright'
import { z } from 'zod'
import type { HaState, VhidState } from '../../../model/ha-state.ts'
import { signedIn } from './sign-in.ts'
import type { StatusPage } from './status-page.ts'

const path = '/ui/diagnostics/interface/vip'
const form = { button: 'button[name=login]', error: '#inputerrors' }

const whole = z
  .string()
  .regex(/^-?\d+$/)
  .transform(Number)
const statusSchema = z.object({
  rows: z.array(
    z.object({
      interface: z.string().nullable(),
      vhid: whole,
      advbase: whole,
      advskew: whole,
      mode: z.string(),
      status: z.enum(['MASTER', 'BACKUP', 'INIT', 'DISABLED']),
    }),
  ),
  carp: z.object({
    demotion: whole,
    allow: z.enum(['0', '1']),
    maintenancemode: z.boolean(),
    status_msg: z.string(),
  }),
})
const overviewSchema = z.object({ rows: z.array(z.object({ description: z.string(), device: z.string() })) })
const pressSchema = z.object({ action: z.enum(['enter_maintenance', 'leave_maintenance']) })

/** `Interfaces: Virtual IPs: Status`. What its grid is filled from is read, not the grid: the same data, whatever draws it. Reference: firewalls page §2.12. */
export const opnsensePage: StatusPage = {
  async open(page, login) {
    const status = await signedIn(page, { path, form, login }, async () => {
      const filled = await page.waitForResponse((response) => isCall(response, 'get_vip_status'))
      return statusSchema.parse(await filled.json())
    })
    await page.locator('#carp_status_maintenance').waitFor()
    return stateOf(status, await devicesOf(page))
  },

  async pressMaintenance(page, now) {
    const answered = page.waitForResponse((response) => isCall(response, 'carp_status/maintenance'))
    const sentMs = now()
    const [response] = await Promise.all([answered, page.click('#carp_status_maintenance')])
    return { sentMs, ackedMs: now(), ...pressSchema.parse(await response.json()) }
  },
}

const isCall = (response: Response, call: string): boolean =>
  new URL(response.url()).pathname === `/api/diagnostics/interface/${call}` && response.ok()

/** The page names interfaces by their descriptions; the session that it has may ask which NICs those are. */
async function devicesOf(page: Page): Promise<Map<string, string>> {
  const reply: unknown = await page.evaluate(
    async (call) =>
      await fetch(call).then(async (answer): Promise<unknown> => (answer.ok ? await answer.json() : null)),
    '/api/interfaces/overview/interfaces_info',
  )
  const overview = overviewSchema.safeParse(reply)
  return new Map(overview.data?.rows.map(({ description, device }) => [description.toUpperCase(), device]) ?? [])
}

function stateOf({ rows, carp }: z.output<typeof statusSchema>, devices: ReadonlyMap<string, string>): HaState {
  const vhids = rows.flatMap(({ interface: name, vhid, advbase, advskew, mode, status }): VhidState[] => {
    const label = name ?? 'unassigned'
    const nic = devices.get(label.toUpperCase()) ?? label
    return mode === 'carp' && status !== 'DISABLED' ? [{ vhid, nic, state: status, advbase, advskew }] : []
  })
  const problem = carp.status_msg.replaceAll(/<[^>]*>|\s+/g, ' ').trim()
  return {
    vhids: vhids.filter(({ vhid, nic }, at) => vhids.findIndex((one) => one.vhid === vhid && one.nic === nic) === at),
    demotion: carp.demotion,
    allow: carp.allow === '1',
    preempt: null,
    syncOk: null,
    maintenance: carp.maintenancemode,
    problem: problem === '' ? null : problem,
  }
}
