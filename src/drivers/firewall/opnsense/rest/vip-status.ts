import { z } from 'zod'
import type { HaState, VhidState } from '../../../../model/ha-state.ts'
import type { RestCall } from '../../rest/client.ts'
import { wholeNumber } from '../../rest/loose.ts'

const rowSchema = z.object({
  interface: z.string().nullable(),
  vhid: wholeNumber,
  advbase: z.union([wholeNumber, z.literal('')]),
  advskew: z.union([wholeNumber, z.literal('')]),
  subnet: z.string(),
  status: z.enum(['MASTER', 'BACKUP', 'INIT', 'DISABLED']),
  mode: z.string(),
})

const statusSchema = z.object({
  rows: z.array(rowSchema),
  /** An empty list where the backend of the API did not answer, which is not to be taken for a node without trouble. */
  carp: z.object({
    demotion: wholeNumber,
    allow: z.enum(['0', '1']),
    maintenancemode: z.boolean(),
    status_msg: z.string(),
  }),
})

export type VipStatus = z.output<typeof statusSchema>

/** All rows on one page. */
const everything = { current: 1, rowCount: -1, searchPhrase: '' }

/** CARP as the product tells it: global state, and a row for each address. */
export const vipStatusCall: RestCall<VipStatus> = {
  method: 'POST',
  path: '/api/diagnostics/interface/get_vip_status',
  form: everything,
  answer: statusSchema,
  privilege: '"Interfaces: Virtual IPs: Status"',
}

/** The state of CARP without what REST cannot tell: whether it preempts, and whether state sync is complete. `deviceOf` names interfaces. */
export function haStateOf({ rows, carp }: VipStatus, deviceOf: (description: string) => string): HaState {
  return {
    vhids: vhidsOf(rows, deviceOf),
    demotion: carp.demotion,
    allow: carp.allow === '1',
    preempt: null,
    syncOk: null,
    maintenance: carp.maintenancemode,
    problem: plainText(carp.status_msg),
  }
}

/** One entry per VHID and interface, whatever the number of its addresses; those that are on no interface are not listed. */
function vhidsOf(rows: VipStatus['rows'], deviceOf: (description: string) => string): VhidState[] {
  const vhids = new Map<string, VhidState>()
  for (const { interface: name, vhid, advbase, advskew, status } of rows) {
    const key = `${vhid}@${name}`
    if (status === 'DISABLED' || (vhids.has(key) && advbase === '')) continue
    const nic = name === null ? '' : deviceOf(name)
    vhids.set(key, {
      vhid,
      nic,
      state: status,
      advbase: advbase === '' ? null : advbase,
      advskew: advskew === '' ? null : advskew,
    })
  }
  return [...vhids.values()]
}

function plainText(html: string): string | null {
  const text = html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return text === '' ? null : text
}
