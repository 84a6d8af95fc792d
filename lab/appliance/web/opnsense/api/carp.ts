import type { CarpStatus, CarpVip } from '../../../control/carp-control.ts'
import type { JsonObject } from '../../exchange.ts'
import { listOf } from '../../form.ts'
import type { Answer, Call, Routes } from './endpoint.ts'
import { gridAnswer } from './grid.ts'

const problem =
  'CARP has detected a problem and this unit has been demoted to BACKUP status.<br />Check link status on all interfaces with configured CARP VIPs.'

/** CARP's status and its three switches. */
export const carpRoutes: Routes = {
  'diagnostics/interface/get_vip_status': { answer: vipStatus },
  'diagnostics/interface/carp_status': { parameters: 1, answer: setStatus },
  'diagnostics/interface/get_pfsync_nodes': { answer: pfsyncNodes },
}

function vipStatus({ firewall, fields }: Call): Answer {
  const status = readStatus(firewall)
  if (status === undefined) return { ...gridAnswer([], fields), carp: [] }
  const { vips, demotion, allow, maintenance } = status
  const modes = listOf(fields, 'mode')
  const shown = vips.filter(({ mode }) => modes.length === 0 || modes.includes(mode))
  const carp = {
    demotion: String(demotion),
    allow: allow ? '1' : '0',
    maintenancemode: maintenance,
    status_msg: messageOf(status),
  }
  return { ...gridAnswer(shown.map(rowOf), fields), carp }
}

// As with a configd that does not answer.
function readStatus({ control }: Call['firewall']): CarpStatus | undefined {
  try {
    return control.carp.status()
  } catch {
    return undefined
  }
}

function messageOf({ vips, demotion, maintenance }: CarpStatus): string {
  if (!vips.some(({ mode }) => mode === 'carp')) return 'Could not locate any defined CARP interfaces.'
  return demotion !== 0 && !maintenance ? problem : ''
}

function rowOf({ interface: name, vhid, advbase, advskew, address, state, mode }: CarpVip): JsonObject {
  const isCarp = mode === 'carp'
  return {
    interface: name,
    vhid: String(vhid),
    advbase: isCarp ? String(advbase) : '',
    advskew: isCarp ? String(advskew) : '',
    subnet: address,
    status: state,
    mode,
    status_txt: state,
    vhid_txt: isCarp ? `${vhid} (freq. ${advbase}/${advskew})` : String(vhid),
  }
}

async function setStatus({ firewall, isPost, params: [verb] }: Call): Promise<Answer> {
  const { carp } = firewall.control
  if (!isPost) return { message: 'error' }
  if (verb === 'maintenance') {
    const isLeaving = carp.status().maintenance
    await (isLeaving ? carp.leaveMaintenance() : carp.enterMaintenance())
    return { status: 'ok', action: isLeaving ? 'leave_maintenance' : 'enter_maintenance' }
  }
  if (verb !== 'disable' && verb !== 'enable') return { status: 'failed' }
  await carp[verb]()
  return { status: 'ok', action: verb }
}

async function pfsyncNodes({ firewall, fields }: Call): Promise<Answer> {
  const states = await firewall.control.filter.states()
  const { hostId } = firewall.control.config
  const creators = [...new Set(states.map(({ creator }) => creator))].filter((creator) => creator !== '00000000').sort()
  return gridAnswer(
    creators.map((creatorid) => ({ creatorid, this: creatorid === hostId ? 1 : 0 })),
    fields,
  )
}
