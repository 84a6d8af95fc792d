import { z } from 'zod'
import type { HaState, VhidState } from '../../../../model/ha-state.ts'
import type { Clock } from '../../../../ports/clock.ts'
import type { CarpSwitch, HaReader, MaintenanceControl } from '../../../../ports/firewall.ts'
import { carpSwitch } from '../../carp-switch.ts'
import type { Commander } from '../../command-line/commander.ts'
import { commandHaReader } from '../../command-line/ha-reader.ts'
import { explicitMaintenance } from '../../maintenance/explicit.ts'
import { refusal } from '../../refusal.ts'
import type { RestClient } from '../../rest/client.ts'
import { restCall } from './envelope.ts'

const statusSchema = z.object({ enable: z.boolean(), maintenance_mode: z.boolean() })
const vipSchema = z.object({
  mode: z.string(),
  vhid: z.int().nullish(),
  interface: z.string(),
  carp_status: z.string().nullish(),
})

const readStatus = restCall({ method: 'GET', path: '/status/carp' }, statusSchema)
const readVips = restCall({ method: 'GET', path: '/firewall/virtual_ips?limit=0' }, z.array(vipSchema))
/** A second for each VIP, and 30 s more for state sync where CARP is enabled. */
const changeWithinMs = 60_000
const settleMs = 5000

const states: Readonly<Record<string, VhidState['state'] | null>> = {
  master: 'MASTER',
  backup: 'BACKUP',
  init: 'INIT',
  disabled: null,
}

/**
 * CARP of a pfSense by the REST package: flag and allowance from `status/carp`, states from `virtual_ips`, and what these do not tell
 * (demotion, skew in force, preemption, state sync) from the kernel by the command prompt.
 */
export function pfsenseHaReader(client: RestClient, commander: Commander): HaReader {
  const kernel = commandHaReader(commander)
  return {
    read: async (node, signal): Promise<HaState> => {
      const { data: vips } = (await client.call(node, readVips, signal)).answer
      const told = await kernel.read(node, signal)
      const { data: status } = (await client.call(node, readStatus, signal)).answer
      const said = new Map(
        vips.filter(({ mode }) => mode === 'carp').map(({ vhid, carp_status: state }) => [vhid, stateOf(node, state)]),
      )
      const vhids = told.vhids.map((own) => ({ ...own, state: said.get(own.vhid) ?? own.state }))
      return { ...told, vhids, allow: status.enable, maintenance: status.maintenance_mode }
    },
  }
}

function stateOf(node: string, text: string | null | undefined): VhidState['state'] | null {
  const state = states[(text ?? '').toLowerCase()]
  if (state !== undefined) return state
  throw refusal(
    'not-understood',
    `expected ${node} to tell master, backup, init or disabled of a VIP, came "${text ?? ''}"`,
  )
}

/** Maintenance and CARP itself by `status/carp`, whose two fields are targets and always go together. */
export function pfsenseCarp(
  client: RestClient,
  haReader: HaReader,
  clock: Clock,
): { maintenance: MaintenanceControl; carpSwitch: CarpSwitch } {
  const change = async (node: string, wanted: Partial<z.output<typeof statusSchema>>, signal: AbortSignal) => {
    const before = (await client.call(node, readStatus, signal)).answer.data
    const body = { ...before, ...wanted }
    const call = restCall(
      { method: 'PATCH', path: '/status/carp', body, limitMs: changeWithinMs },
      statusSchema.partial(),
    )
    const { sentMs, ackedMs } = await client.call(node, call, signal)
    return { sentMs, ackedMs }
  }
  return {
    maintenance: explicitMaintenance({
      haReader,
      set: (node, on, signal) => change(node, { maintenance_mode: on }, signal),
      clock,
    }),
    carpSwitch: carpSwitch({
      haReader,
      set: (node, on, signal) => change(node, { enable: on }, signal),
      withinMs: settleMs,
      clock,
    }),
  }
}
