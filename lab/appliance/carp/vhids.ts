import type { ApplianceConfig, VipConfig } from '../config.ts'
import { nameOf, type VhidConfig } from './vhid-config.ts'

/**
 * The VHIDs of a configuration: the addresses of one VHID on one NIC, aliases included, belong together; they are signed
 * together and move together. Here a wrong password is born; other defects are in the configuration already.
 */
export function vhidsOf({ vips, defects }: Pick<ApplianceConfig, 'vips' | 'defects'>): VhidConfig[] {
  const groups = new Map<string, VhidConfig>()
  const ordered = [...vips].sort((one, other) => Number(isAlias(one)) - Number(isAlias(other)))
  for (const vip of ordered) {
    const group = groups.get(nameOf(vip)) ?? (isAlias(vip) ? undefined : newGroup(vip))
    if (group === undefined) continue
    group.addresses.push(vip.address)
    groups.set(nameOf(vip), group)
  }
  return [...groups.values()].map((vhid) => ({
    ...vhid,
    ...(defects.includes('carp-wrong-password') && { password: 'not the password' }),
  }))
}

function newGroup({ device, vhid, advbase, advskew, password, peer, peer6 }: VipConfig): VhidConfig {
  const peers = { ...(peer !== undefined && { inet: peer }), ...(peer6 !== undefined && { inet6: peer6 }) }
  return { device, vhid, advbase, advskew, password, addresses: [], peers }
}

function isAlias({ mode }: VipConfig): boolean {
  return mode === 'ipalias'
}
