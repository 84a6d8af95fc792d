import { isIPv4 } from 'node:net'
import type { Flavour, InterfaceConfig, SystemConfig } from '../config.ts'
import type { DhcpServer, SyslogDestination } from '../services/service-config.ts'
import { networkOf } from '../net/network.ts'
import type { Section } from './section.ts'

/** The DHCP servers: dnsmasq's ranges on OPNsense, ISC's on pfSense. */
export function readDhcpServers(root: Section, interfaces: readonly InterfaceConfig[], flavour: Flavour): DhcpServer[] {
  const fixed = new Map(interfaces.filter(({ address }) => address !== 'dhcp').map((each) => [each.key, each]))
  return flavour === 'opnsense' ? readDnsmasq(root.at('dnsmasq'), fixed) : readDhcpd(root.at('dhcpd'), fixed)
}

type Interfaces = ReadonlyMap<string, InterfaceConfig>

function readDnsmasq(section: Section, interfaces: Interfaces): DhcpServer[] {
  if (!section.isSet('enable')) return []
  const delay = section.at('dhcp').isSet('reply_delay') ? section.at('dhcp').whole('reply_delay', 0, 60) : 0
  return section.all('dhcp_ranges').flatMap((range) => {
    const on = range.known('interface', interfaces)
    const [from, to] = [range.address('start_addr'), range.address('end_addr')]
    if (on === undefined || from === undefined || to === undefined) return []
    const { key, device, address } = on
    const options = section.all('dhcp_options').filter((each) => ['', key].includes(each.text('interface')))
    const valuesOf = (number: string) => options.filter((each) => each.text('option') === number).flatMap(addressesIn)
    const router = valuesOf('3')[0]
    return {
      key,
      device,
      subnet: networkOf(address),
      range: { from, to },
      ...(router !== undefined && { router }),
      nameServers: valuesOf('6'),
      replyDelaySeconds: delay ?? 0,
    }
  })
}

function addressesIn(option: Section): string[] {
  const values = option
    .text('value')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
  if (!values.every(isIPv4)) option.refuse('value', 'IPv4 addresses')
  return values.filter(isIPv4)
}

function readDhcpd(section: Section, interfaces: Interfaces): DhcpServer[] {
  return section.inner().flatMap((each) => {
    const on = interfaces.get(each.element.name)
    if (on === undefined || !each.isOn('enable', 'pfsense')) return []
    const [from, to] = [each.at('range').address('from'), each.at('range').address('to')]
    if (from === undefined || to === undefined) return []
    const own = on.address.split('/')[0] ?? ''
    const peer = each.isSet('failover_peerip') ? each.address('failover_peerip') : undefined
    const nameServers = each.all('dnsserver').flatMap(({ element }) => (isIPv4(element.text) ? [element.text] : []))
    return {
      key: on.key,
      device: on.device,
      subnet: networkOf(on.address),
      range: { from, to },
      router: each.isSet('gateway') ? (each.address('gateway') ?? own) : own,
      nameServers: nameServers.length > 0 ? nameServers : [own],
      replyDelaySeconds: 0,
      ...(peer !== undefined && { peer }),
    }
  })
}

/** The name server for the inside: Unbound or dnsmasq, whoever the file turns on. */
export function readDns(root: Section, flavour: Flavour): SystemConfig['dns'] {
  const forwarder = root.at('dnsmasq')
  const isForwarding = forwarder.isOn('enable', flavour) && forwarder.text('port') !== '0'
  const resolver = root.at('OPNsense').at('unboundplus').at('general')
  const enabled = isForwarding || root.at('unbound').isOn('enable', flavour) || resolver.isSet('enabled')
  const servers = root
    .at('system')
    .all('dnsserver')
    .map(({ element }) => element.text)
  return { enabled, forwarders: servers.filter(isIPv4) }
}

/** Where the log is sent. */
export function readSyslog(root: Section, flavour: Flavour): SyslogDestination[] {
  if (flavour === 'pfsense') return readRemoteServers(root.at('syslog'))
  const all = root.at('OPNsense').at('Syslog').at('destinations').all('destination')
  return all
    .filter((each) => each.isSet('enabled'))
    .flatMap((each) => {
      const transport = each.word('transport', /^udp4?$/, 'udp4, the only transport here')
      const host = each.address('hostname')
      const port = each.whole('port', 1, 65_535)
      if (transport === undefined || host === undefined || port === undefined) return []
      return [{ host, port, format: each.isSet('rfc5424') ? 'rfc5424' : 'rfc3164' } as const]
    })
}

function readRemoteServers(section: Section): SyslogDestination[] {
  const takesSystem = ['logall', 'system'].some((name) => section.isOn(name, 'pfsense'))
  if (!section.isOn('enable', 'pfsense') || !takesSystem) return []
  const format = section.text('format') === 'rfc5424' ? 'rfc5424' : 'rfc3164'
  return ['remoteserver', 'remoteserver2', 'remoteserver3']
    .filter((name) => section.isSet(name))
    .flatMap((name) => {
      const [, host = '', port = '514'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(section.text(name)) ?? []
      const isGood = isIPv4(host) && Number(port) >= 1 && Number(port) <= 65_535
      return isGood
        ? { host, port: Number(port), format }
        : (section.refuse(name, 'an IPv4 address with its port') ?? [])
    })
}
