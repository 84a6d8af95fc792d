import { isIpv6 } from '../address.ts'
import { interfacesOf } from '../firewall/interface.ts'
import type { Section } from '../firewall/section.ts'
import { gatewaysOf, groupOf } from '../firewall/subject.ts'
import type { Gateway, Subject } from '../firewall/subject.ts'
import { tunnelOf } from './openvpn.ts'

/** All interfaces; the tunnel, which is none of the NICs, last. */
export function interfacesSection(subject: Subject): Section {
  const tunnel = tunnelOf(subject)
  return {
    ...interfacesOf(subject, { enable: '', advanced: 'yes' }),
    ...(tunnel === null ? {} : { [tunnel.key]: { enable: '', if: tunnel.device, descr: 'VPN' } }),
  }
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
