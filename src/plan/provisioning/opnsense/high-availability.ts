import { hostOf, isIpv6, prefixOf } from '../address.ts'
import { reveal } from '../material.ts'
import { uuidOf } from '../firewall/section.ts'
import type { Section } from '../firewall/section.ts'
import { syncItemsOf } from '../firewall/sync-items.ts'
import type { SyncItem } from '../firewall/sync-items.ts'
import { addressOn, interfaceOn } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** The CARP addresses. Both nodes get the same ones, with a skew each; configuration sync leaves them alone unless the lab syncs them. */
export function virtualIpSection(subject: Subject): Section {
  const { lab, machine, material } = subject
  const isSynced = syncItemsOf(lab).includes('vips')
  const vips = lab.pair.vips.flatMap((vip) => {
    const on = interfaceOn(subject, vip.network)
    if (on === undefined) return []
    return [
      {
        '@uuid': uuidOf(lab.lab, 'vip', String(vip.vhid), vip.network),
        interface: on.key,
        mode: 'carp',
        subnet: hostOf(vip.address),
        subnet_bits: String(prefixOf(vip.address)),
        noexpand: '0',
        nobind: '0',
        nosync: isSynced ? '0' : '1',
        password: reveal(vip.password, material.secrets),
        vhid: String(vip.vhid),
        advbase: String(vip.advbase),
        advskew: String(vip.skew[machine] ?? 0),
        descr: `${vip.network.toUpperCase()} VIP${isIpv6(vip.address) ? ' IPv6' : ''}`,
      },
    ]
  })
  return { '@version': '1.0.0', vip: vips }
}

/** State sync on both nodes; configuration sync only on the node that it starts from: on both they would overwrite each other. */
export function hasyncSection(subject: Subject): Section {
  const { lab, peer } = subject
  return {
    '@version': '1.0.2',
    disablepreempt: lab.pair.preempt ? '0' : '1',
    disconnectppps: '0',
    pfsyncversion: '1400',
    ...stateSync(subject, peer),
    ...configSync(subject, peer),
  }
}

function stateSync(subject: Subject, peer: string): Section {
  const network = subject.lab.pair.stateSync?.network
  const on = network === undefined ? undefined : interfaceOn(subject, network)
  if (network === undefined || on === undefined) return {}
  return { pfsyncinterface: on.key, pfsyncpeerip: addressOn(subject.lab, peer, network) ?? '' }
}

function configSync({ lab, machine, material }: Subject, peer: string): Section {
  const sync = lab.pair.configSync
  if (sync === undefined || sync.from !== machine) return {}
  return {
    synchronizetoip: addressOn(lab, peer, sync.network) ?? '',
    verifypeer: '0',
    username: 'root',
    password: material.rootPassword,
    syncitems: syncItemsOf(lab)
      .flatMap((item) => words[item] ?? [])
      .join(','),
  }
}

/** What OPNsense calls the parts of its configuration; one that is missing here it does not sync. */
const words: Partial<Record<SyncItem, string>> = {
  aliases: 'aliases',
  certificates: 'certs',
  dhcp: 'dnsmasq',
  dns: 'unbound',
  gateways: 'gateways',
  ipsec: 'ipsec',
  nat: 'nat',
  openvpn: 'openvpn',
  routes: 'staticroutes',
  rules: 'rules',
  schedules: 'schedules',
  shaper: 'shaper',
  users: 'users',
  vips: 'virtualip',
}
