import { hostOf, isIpv6, prefixOf } from '../address.ts'
import { uuidOf } from '../firewall/section.ts'
import type { Section } from '../firewall/section.ts'
import { gatewaysOf, groupOf } from '../firewall/subject.ts'
import type { Gateway, Interface, Subject } from '../firewall/subject.ts'

/** The interfaces in the order of their devices. The lab's addresses are private, so private sources are not blocked. */
export function interfacesSection(subject: Subject): Section {
  return Object.fromEntries(subject.interfaces.map((each) => [each.key, interfaceSection(subject, each)]))
}

function interfaceSection(subject: Subject, each: Interface): Section {
  const { address, address6 } = each.nic
  const gateways = gatewaysOf(subject).filter(({ on }) => on === each)
  const common = { enable: '1', if: each.device, descr: descriptionOf(each) }
  if (address === null) return { ...common, ipaddr: 'dhcp', ...(each.role === 'management' ? addressOnly : {}) }
  const at6 = address6 === null ? {} : { ipaddrv6: hostOf(address6), subnetv6: String(prefixOf(address6)) }
  return {
    ...common,
    ipaddr: hostOf(address),
    subnet: String(prefixOf(address)),
    ...at6,
    ...Object.fromEntries(gateways.map((gateway) => [isIpv6(gateway.address) ? 'gatewayv6' : 'gateway', gateway.name])),
  }
}

/** Takes nothing but an address from the management network: a default route from there would lead the lab's traffic out of the lab. */
const addressOnly = { adv_dhcp_config_advanced: '1', adv_dhcp_request_options: 'subnet-mask,broadcast-address' }

function descriptionOf({ role, nic }: Interface): string {
  return role === 'management' ? 'MGMT' : nic.network.toUpperCase()
}

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
