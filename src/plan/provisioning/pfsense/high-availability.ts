import { hostOf, isIpv6, prefixOf } from '../address.ts'
import { reveal } from '../material.ts'
import type { Section } from '../firewall/section.ts'
import { syncItemsOf } from '../firewall/sync-items.ts'
import type { SyncItem } from '../firewall/sync-items.ts'
import { addressOn, interfaceOn } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'
import { vipIdOf } from './openvpn.ts'

/** The CARP addresses; both nodes get the same ones, with a skew each. */
export function virtualIpSection(subject: Subject): Section {
  const { lab, machine, material } = subject
  const vips = lab.pair.vips.flatMap((vip) => {
    const on = interfaceOn(subject, vip.network)
    if (on === undefined) return []
    return [
      {
        mode: 'carp',
        interface: on.key,
        vhid: String(vip.vhid),
        advskew: String(vip.skew[machine] ?? 0),
        advbase: String(vip.advbase),
        password: reveal(vip.password, material.secrets),
        uniqid: vipIdOf(vip),
        descr: `${vip.network.toUpperCase()} VIP${isIpv6(vip.address) ? ' IPv6' : ''}`,
        type: 'single',
        subnet_bits: String(prefixOf(vip.address)),
        subnet: hostOf(vip.address),
      },
    ]
  })
  return { vip: vips }
}

/** State sync on both nodes; configuration sync only on the node that it starts from. pfSense has no switch for preemption: it is on. */
export function hasyncSection(subject: Subject): Section {
  const { lab, peer } = subject
  const network = lab.pair.stateSync?.network
  const on = network === undefined ? undefined : interfaceOn(subject, network)
  const states =
    network === undefined || on === undefined
      ? {}
      : { pfsyncenabled: 'on', pfsyncinterface: on.key, pfsyncpeerip: addressOn(lab, peer, network) ?? '' }
  return { ...states, ...configSync(subject) }
}

function configSync({ lab, machine, material, peer }: Subject): Section {
  const sync = lab.pair.configSync
  if (sync === undefined || sync.from !== machine) return {}
  return {
    synchronizetoip: addressOn(lab, peer, sync.network) ?? '',
    username: 'admin',
    password: material.rootPassword,
    ...Object.fromEntries(
      syncItemsOf(lab).flatMap((item) => (words[item] ?? []).map((word) => [`synchronize${word}`, 'on'])),
    ),
  }
}

/** What pfSense calls the parts of its configuration; one that is missing here it does not sync. */
const words: Partial<Record<SyncItem, string[]>> = {
  aliases: ['aliases'],
  certificates: ['certs'],
  dhcp: ['dhcpd'],
  dns: ['dnsforwarder'],
  ipsec: ['ipsec'],
  nat: ['nat'],
  openvpn: ['openvpn'],
  routes: ['staticroutes'],
  rules: ['rules'],
  schedules: ['schedules'],
  shaper: ['trafficshaper', 'trafficshaperlimiter'],
  users: ['users'],
  vips: ['virtualip'],
  wol: ['wol'],
}
