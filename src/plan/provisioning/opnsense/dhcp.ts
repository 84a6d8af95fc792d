import { hostOf } from '../address.ts'
import { uuidOf } from './section.ts'
import type { Section } from './section.ts'
import { leaseRange, vipOn } from './subject.ts'
import type { Interface, Subject } from './subject.ts'

/** How much later the secondary answers, s: Dnsmasq syncs no leases, so the primary's pool is used first. */
const secondaryDelay = '5'
const options = { router: '3', 'name server': '6' }

/** Dnsmasq as DHCP server of each inside network with a VIP; clients get the VIP as router and name server. DNS stays with Unbound. */
export function dnsmasqSection(subject: Subject): Section {
  const served = subject.interfaces.filter(
    ({ role, nic }) => role === 'inside' && vipOn(subject, nic.network) !== undefined,
  )
  return {
    '@version': '1.0.8',
    enable: served.length > 0 ? '1' : '0',
    port: '0',
    interface: served.map(({ key }) => key).join(','),
    dhcp: {
      fqdn: '1',
      local: '1',
      default_fw_rules: '1',
      ...(subject.isPrimary ? {} : { reply_delay: secondaryDelay }),
      nosync: '1',
    },
    dhcp_ranges: served.flatMap((each) => rangeSection(subject, each)),
    dhcp_options: served.flatMap((each) => optionSections(subject, each)),
  }
}

function rangeSection({ machine, isPrimary }: Subject, { key, nic }: Interface): Section[] {
  const range = leaseRange(nic.address ?? '', isPrimary)
  if (range === null) return []
  const uuid = uuidOf(machine, 'range', key)
  return [
    { '@uuid': uuid, interface: key, start_addr: range.from, end_addr: range.to, domain_type: 'range', nosync: '1' },
  ]
}

function optionSections(subject: Subject, { key, nic }: Interface): Section[] {
  const vip = vipOn(subject, nic.network)
  return Object.entries(options).map(([description, option]) => ({
    '@uuid': uuidOf(subject.lab.lab, 'option', key, option),
    type: 'set',
    option,
    interface: key,
    value: vip === undefined ? '' : hostOf(vip.address),
    description,
  }))
}
