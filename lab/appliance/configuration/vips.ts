import type { Flavour, InterfaceConfig, VipConfig } from '../config.ts'
import { oneLine } from './interfaces.ts'
import type { Section } from './section.ts'

/** The virtual addresses: those of VHIDs, what pfSense calls them by, and addresses of the node's own by device. */
export type ReadVips = {
  vips: VipConfig[]
  byId: ReadonlyMap<string, VipConfig>
  aliases: ReadonlyMap<string, string[]>
}

/** Reads CARP addresses and IP aliases of both products. CARP sends from an interface's own address: one by DHCP has no VIPs. */
export function readVips(
  sections: readonly Section[],
  interfaces: readonly InterfaceConfig[],
  flavour: Flavour,
): ReadVips {
  const fixed = interfaces.filter(({ address }) => address !== 'dhcp')
  const devices = new Map(fixed.map(({ key, device }) => [key, device]))
  const carp = sections.filter((each) => each.text('mode') === 'carp')
  const read = carp.flatMap((each) => {
    const vip = readCarp(each, devices, flavour)
    return vip === undefined ? [] : [{ vip, id: `_vip${each.text('uniqid')}` }]
  })
  const byId = new Map(read.map(({ vip, id }) => [id, vip]))
  const vips = read.map(({ vip }) => vip)
  const aliases = new Map<string, string[]>()
  for (const each of sections.filter((one) => one.text('mode') === 'ipalias')) {
    const alias = readAlias(each, { vips, byId, devices })
    if (alias === undefined) continue
    if ('vhid' in alias) vips.push(alias)
    else aliases.set(alias.device, [...(aliases.get(alias.device) ?? []), alias.address])
  }
  return { vips, byId, aliases }
}

function readCarp(section: Section, devices: ReadonlyMap<string, string>, flavour: Flavour): VipConfig | undefined {
  const device = section.known('interface', devices)
  const address = section.cidr('subnet', 'subnet_bits')
  const vhid = section.whole('vhid', 1, 255)
  const advbase = section.whole('advbase', 1, 254)
  const advskew = section.whole('advskew', 0, 254)
  if (device === undefined || address === undefined || vhid === undefined) return undefined
  if (advbase === undefined || advskew === undefined) return undefined
  const description = oneLine(section.text('descr'))
  const password = section.text('password')
  return {
    mode: 'carp',
    device,
    vhid,
    address,
    advbase,
    advskew,
    password,
    description,
    ...readPeers(section, flavour),
  }
}

// Unicast: OPNsense asks for the peer of each family, pfSense for one address.
function readPeers(section: Section, flavour: Flavour): Pick<VipConfig, 'peer' | 'peer6'> {
  const [name, name6] = flavour === 'opnsense' ? ['peer', 'peer6'] : ['carp_peer', 'carp_peer']
  const is6 = section.text(name6).includes(':')
  const peer = section.text(name) === '' || (flavour === 'pfsense' && is6) ? undefined : section.address(name)
  const peer6 = section.text(name6) === '' || (flavour === 'pfsense' && !is6) ? undefined : section.address6(name6)
  return { ...(peer !== undefined && { peer }), ...(peer6 !== undefined && { peer6 }) }
}

type Known = { vips: readonly VipConfig[]; byId: ReadonlyMap<string, VipConfig>; devices: ReadonlyMap<string, string> }

// OPNsense names the VHID of an alias, pfSense makes the CARP address its interface.
function readAlias(
  section: Section,
  { vips, byId, devices }: Known,
): VipConfig | { device: string; address: string } | undefined {
  const address = section.cidr('subnet', 'subnet_bits')
  const on = byId.get(section.text('interface'))
  const device = on?.device ?? section.known('interface', devices)
  if (address === undefined || device === undefined) return undefined
  if (on === undefined && !section.isSet('vhid')) return { device, address }
  const vhid = on?.vhid ?? section.whole('vhid', 1, 255)
  const home = vips.find((each) => each.vhid === vhid && each.device === device)
  if (home === undefined) return section.refuse('vhid', 'the VHID of a CARP address on this interface')
  return { ...home, mode: 'ipalias', address, description: oneLine(section.text('descr')) }
}
