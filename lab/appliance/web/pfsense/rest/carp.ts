import type { CarpStatus } from '../../../control/carp-control.ts'
import { Section } from '../../../configuration/section.ts'
import type { JsonObject } from '../../exchange.ts'
import { requiredBoolean, type RestCall, type RestRoutes } from './endpoint.ts'

/** CARP as a whole, and the VIPs with their states. */
export const carpRoutes: RestRoutes = {
  '/status/carp': { GET: readCarp, PATCH: changeCarp },
  '/firewall/virtual_ips': { GET: virtualIps },
}

function readCarp({ firewall }: RestCall): JsonObject {
  const { allow, maintenance } = firewall.control.carp.status()
  return { enable: allow, maintenance_mode: maintenance }
}

// Both are targets, not toggles; what is so already is left alone.
async function changeCarp(call: RestCall): Promise<JsonObject> {
  const enable = requiredBoolean(call.fields, 'enable')
  const maintenance = requiredBoolean(call.fields, 'maintenance_mode')
  const { carp } = call.firewall.control
  const before = carp.status()
  if (enable !== before.allow) await (enable ? carp.enable() : carp.disable())
  if (maintenance !== before.maintenance) await (maintenance ? carp.enterMaintenance() : carp.leaveMaintenance())
  return readCarp(call)
}

function virtualIps({ firewall }: RestCall): JsonObject[] {
  const config = new Section(firewall.control.store.read(), () => undefined)
  return config
    .at('virtualip')
    .all('vip')
    .map((vip, id) => vipJson(vip, id, firewall.control.carp.status()))
}

function vipJson(vip: Section, id: number, { allow, vips }: CarpStatus): JsonObject {
  const isCarp = vip.text('mode') === 'carp'
  const [key, subnet] = [vip.text('interface'), vip.text('subnet')]
  const live = vips.find((each) => each.key === key && each.address === subnet)
  const number = (name: string): number | null => (isCarp ? Number(vip.text(name) || '0') : null)
  return {
    id,
    uniqid: vip.text('uniqid'),
    mode: vip.text('mode'),
    interface: key,
    type: vip.text('type') || 'single',
    subnet,
    subnet_bits: Number(vip.text('subnet_bits')),
    descr: vip.text('descr'),
    noexpand: null,
    vhid: number('vhid'),
    advbase: number('advbase'),
    advskew: number('advskew'),
    carp_status: isCarp ? (allow ? (live?.state ?? 'INIT').toLowerCase() : 'disabled') : null,
    carp_mode: isCarp ? 'mcast' : null,
    carp_peer: null,
  }
}
