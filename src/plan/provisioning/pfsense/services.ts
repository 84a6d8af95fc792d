import { hostOf } from '../address.ts'
import type { Section } from '../firewall/section.ts'
import { addressOf, addressOn, interfaceOn, vipOn } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** ISC's DHCP server with its failover peer: both nodes lease from the same range, and know of each other's leases. */
export function dhcpSection(subject: Subject): Section {
  const { lab, machine, peer } = subject
  const served = (lab.pair.dhcp ?? []).flatMap(({ network, ranges }): [string, Section][] => {
    const on = interfaceOn(subject, network)
    const [from = '', to = ''] = ranges[machine]?.split('-') ?? []
    if (on === undefined || from === '') return []
    const router = hostOf(vipOn(subject, network)?.address ?? on.nic.address ?? '')
    const failover_peerip = addressOn(lab, peer, network) ?? ''
    return [[on.key, { enable: '', range: { from, to }, failover_peerip, gateway: router, dnsserver: router }]]
  })
  return served.length === 0 ? {} : { dhcpbackend: 'isc', dhcpd: Object.fromEntries(served) }
}

/** Everything that is logged goes to the lab's collector too, UDP 514. */
export function syslogSection(subject: Subject): Section {
  const collector = subject.lab.pair.syslog
  const common = { filterdescriptions: '1', nentries: '50', format: 'rfc5424' }
  if (collector === undefined) return common
  const remoteserver = `${addressOf(subject, collector)}:514`
  return { ...common, enable: '', remoteserver, sourceip: '', ipproto: 'ipv4', logall: '', system: '' }
}
