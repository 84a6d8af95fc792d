import { hostOf } from '../address.ts'
import { uuidOf } from '../firewall/section.ts'
import type { Section } from '../firewall/section.ts'
import { interfaceOn, vipOn } from '../firewall/subject.ts'
import type { Interface, Subject } from '../firewall/subject.ts'

const options = { router: '3', 'name server': '6' }

type Server = NonNullable<Subject['lab']['pair']['dhcp']>[number]

/**
 * Dnsmasq as DHCP server, with a range of its own on each node, since it syncs no leases; clients get the VIP as router and name
 * server. DNS stays with Unbound.
 */
export function dnsmasqSection(subject: Subject): Section {
  const { lab, machine } = subject
  const served = (lab.pair.dhcp ?? []).flatMap((server) => {
    const on = interfaceOn(subject, server.network)
    return on === undefined ? [] : [{ server, on }]
  })
  const delay = Math.max(0, ...served.map(({ server }) => server.delay?.[machine] ?? 0))
  return {
    '@version': '1.0.8',
    enable: served.length > 0 ? '1' : '0',
    port: '0',
    interface: served.map(({ on }) => on.key).join(','),
    dhcp: {
      fqdn: '1',
      local: '1',
      default_fw_rules: '1',
      ...(delay > 0 ? { reply_delay: String(delay) } : {}),
      nosync: '1',
    },
    dhcp_ranges: served.flatMap(({ server, on }) => rangeSection(subject, server, on)),
    dhcp_options: served.flatMap(({ on }) => optionSections(subject, on)),
  }
}

function rangeSection({ machine }: Subject, { ranges }: Server, { key }: Interface): Section[] {
  const [from, to] = ranges[machine]?.split('-') ?? []
  if (from === undefined || to === undefined) return []
  const uuid = uuidOf(machine, 'range', key)
  return [{ '@uuid': uuid, interface: key, start_addr: from, end_addr: to, domain_type: 'range', nosync: '1' }]
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
