import { hostOf, isIpv6, prefixOf } from '../address.ts'
import type { Section } from '../firewall/section.ts'
import { gatewaysOf, groupOf } from '../firewall/subject.ts'
import type { Gateway, Interface, Subject } from '../firewall/subject.ts'
import { tunnelOf } from './openvpn.ts'

/** The interfaces in the order of their devices; the tunnel, which is none of the NICs, last. Private sources are not blocked. */
export function interfacesSection(subject: Subject): Section {
  const tunnel = tunnelOf(subject)
  return {
    ...Object.fromEntries(subject.interfaces.map((each) => [each.key, interfaceSection(subject, each)])),
    ...(tunnel === null ? {} : { [tunnel.key]: { enable: '', if: tunnel.device, descr: 'VPN' } }),
  }
}

function interfaceSection(subject: Subject, each: Interface): Section {
  const { address, address6 } = each.nic
  const gateways = gatewaysOf(subject).filter(({ on }) => on === each)
  const common = { enable: '', if: each.device, descr: descriptionOf(each) }
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
const addressOnly = { adv_dhcp_config_advanced: 'yes', adv_dhcp_request_options: 'subnet-mask,broadcast-address' }

function descriptionOf({ role, nic }: Interface): string {
  return role === 'management' ? 'MGMT' : nic.network.toUpperCase()
}

/** Gateways, the group of those that stand in for each other, and which is the default. The tunnel's is monitored as the document says. */
export function gatewaysSection(subject: Subject): Section {
  const gateways = gatewaysOf(subject)
  const tunnel = tunnelOf(subject)
  const group = groupOf(gateways)
  const nameOf = (is6: boolean) =>
    gateways.find(({ isDefault, address }) => isDefault && isIpv6(address) === is6)?.name ?? ''
  return {
    gateway_item: [...gateways.map(gatewaySection), ...(tunnel === null ? [] : [tunnelGateway(tunnel)])],
    ...(group === null ? {} : { gateway_group: groupSection(group, gateways) }),
    defaultgw4: group ?? nameOf(false),
    defaultgw6: nameOf(true),
  }
}

function gatewaySection({ name, on, address, monitor }: Gateway): Section {
  return {
    interface: on.key,
    gateway: address,
    name,
    weight: '1',
    ipprotocol: isIpv6(address) ? 'inet6' : 'inet',
    descr: '',
    ...(monitor === null ? { monitor_disable: '' } : { monitor }),
  }
}

function tunnelGateway({ key, monitor }: NonNullable<ReturnType<typeof tunnelOf>>): Section {
  const everyMs = { interval: '1000', loss_interval: '2000', time_period: '5000', alert_interval: '1000' }
  return {
    interface: key,
    gateway: 'dynamic',
    name: 'VPN_GW',
    weight: '1',
    ipprotocol: 'inet',
    descr: '',
    monitor,
    ...everyMs,
  }
}

function groupSection(name: string, gateways: readonly Gateway[]): Section {
  const items = gateways.flatMap(({ name: member, group }) => (group === null ? [] : [`${member}|${group}|address`]))
  return { name, item: items, trigger: 'downlosslatency', descr: '' }
}
