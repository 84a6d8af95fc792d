import { isIpv6 } from '../address.ts'
import { interfacesOf } from '../firewall/interface.ts'
import { uuidOf } from '../firewall/section.ts'
import type { Section } from '../firewall/section.ts'
import { gatewaysOf, groupOf } from '../firewall/subject.ts'
import type { Gateway, Subject } from '../firewall/subject.ts'

/** All interfaces. */
export const interfacesSection = (subject: Subject): Section => interfacesOf(subject, { enable: '1', advanced: '1' })

/** Gateways of interfaces with addresses of their own; DHCP makes its own. */
export const gatewaysSection = (subject: Subject): Section[] =>
  gatewaysOf(subject).map((gateway) => gatewaySection(subject, gateway))

function gatewaySection({ machine }: Subject, { name, on, address, monitor, group, isDefault }: Gateway): Section {
  return {
    '@uuid': uuidOf(machine, 'gateway', name),
    disabled: '0',
    name,
    interface: on.key,
    ipprotocol: isIpv6(address) ? 'inet6' : 'inet',
    gateway: address,
    defaultgw: isDefault || group !== null ? '1' : '0',
    priority: String(255 - 10 * (5 - (group ?? 5))),
    weight: '1',
    ...(monitor === null ? { monitor_disable: '1' } : { monitor_disable: '0', monitor }),
  }
}

/** The group of gateways that stand in for each other, in the old place where OPNsense still keeps it. */
export function gatewayGroups(subject: Subject): Section {
  const gateways = gatewaysOf(subject)
  const name = groupOf(gateways)
  if (name === null) return {}
  const items = gateways.flatMap(({ name: member, group }) => (group === null ? [] : [`${member}|${group}`]))
  return { gateways: { gateway_group: { name, item: items, trigger: 'downlosslatency', descr: '' } } }
}
