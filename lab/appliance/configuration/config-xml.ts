import { createHash } from 'node:crypto'
import type { Flavour, InterfaceConfig, SystemConfig } from '../config.ts'
import { defaultConfig } from './default-config.ts'
import { readGateways } from './gateways.ts'
import { readPfsync } from './pfsync.ts'
import { readInterfaces, readTunnelKeys } from './interfaces.ts'
import { readOpenvpnClients } from './openvpn.ts'
import { readFilter, readForwards, readOutbound } from './rules.ts'
import { Section } from './section.ts'
import { readDhcpServers, readDns, readSyslog } from './services.ts'
import { readVips } from './vips.ts'
import { parseXml } from './xml.ts'

/** What config.xml says, and one line for each thing in it that could not be believed. */
export type ReadConfig = { config: SystemConfig; complaints: string[] }

/** What the file is read for: the product and the NICs of this machine; absent: whatever it says. */
export type Reader = { flavour?: Flavour; devices?: readonly string[] }

/**
 * Reads the config.xml of either product. Never throws: a text that is none, or of the other product, gives the factory's
 * configuration; a wrong part, or one on a NIC that is not there, is left out.
 */
export function readConfigXml(text: string, { flavour: expected, devices }: Reader = {}): ReadConfig {
  const complaints: string[] = []
  try {
    const root = parseXml(text)
    const flavour = flavourOf(root.name, expected)
    const config = readRoot(new Section(root, (complaint) => void complaints.push(complaint)), flavour, devices)
    return { config, complaints }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { config: defaultConfig, complaints: [`config.xml: ${reason}; the factory's configuration is used`] }
  }
}

function flavourOf(name: string, expected: Flavour | undefined): Flavour {
  if ((name === 'opnsense' || name === 'pfsense') && name === (expected ?? name)) return name
  throw new Error(`expected the root element ${expected ?? 'opnsense or pfsense'}, got ${name}`)
}

function readRoot(root: Section, flavour: Flavour, devices: readonly string[] | undefined): SystemConfig {
  const nics = readInterfaces(root.at('interfaces'), flavour, devices)
  const { vips, byId, aliases } = readVips(root.at('virtualip').all('vip'), nics, flavour)
  const interfaces = nics.map((each) => withAliases(each, aliases.get(each.device)))
  const hostName = readHostName(root.at('system'))
  const pfsync = readPfsync(root.at('hasync'), nics, flavour)
  const tunnelKeys = readTunnelKeys(root.at('interfaces'), flavour)
  const places = { interfaces, vips, vipsById: byId, keys: tunnelKeys }
  return {
    hostName,
    domain: readDomain(root.at('system')),
    hostId: hostIdOf(hostName, interfaces),
    interfaces,
    vips,
    preempt: flavour === 'pfsense' || !root.at('hasync').isSet('disablepreempt'),
    ...(pfsync && { pfsync }),
    wanHook: root.at('firedrill').isSet('wanhook'),
    ...readTraffic(root, interfaces, tunnelKeys, flavour),
    dhcpServers: readDhcpServers(root, interfaces, flavour),
    dns: readDns(root, flavour),
    syslog: readSyslog(root, flavour),
    openvpnClients: readOpenvpnClients(root, places, flavour),
    ...readSystem(root, flavour),
  }
}

type Traffic =
  'gateways' | 'gatewayGroups' | 'defaultGateways' | 'filter' | 'skipRulesWithoutGateway' | 'outbound' | 'forwards'

function readTraffic(
  root: Section,
  interfaces: readonly InterfaceConfig[],
  tunnelKeys: ReadonlyMap<string, string>,
  flavour: Flavour,
): Pick<SystemConfig, Traffic> {
  const tunnels = [...tunnelKeys].map(([device, key]): [string, string] => [key, device])
  const devices = new Map([...interfaces.map(({ key, device }): [string, string] => [key, device]), ...tunnels])
  const ways = readGateways(root, devices, flavour)
  const gateways = [...ways.gateways, ...ways.gatewayGroups].map(({ name }) => name)
  const names = { keys: [...devices.keys()], gateways, flavour }
  const filter = readFilter(root, names)
  return {
    ...ways,
    ...(filter && { filter }),
    skipRulesWithoutGateway: root.at('system').isOn('skip_rules_gw_down', flavour),
    outbound: readOutbound(root.at('nat').at('outbound'), names),
    forwards: readForwards(root.at('nat'), names),
  }
}

function readSystem(
  root: Section,
  flavour: Flavour,
): Pick<SystemConfig, 'tunables' | 'webgui' | 'sshServer' | 'authorizedKeys'> {
  const system = root.at('system')
  return {
    tunables: readTunables(root.at('sysctl').all('item')),
    webgui: readWebgui(system.at('webgui')),
    sshServer: flavour === 'opnsense' ? system.at('ssh').isSet('enabled') : system.at('ssh').isSet('enable'),
    authorizedKeys: readKeys(system),
  }
}

function readHostName(system: Section): string {
  const name = system.word('hostname', /^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'letters, digits and dashes')
  return name ?? defaultConfig.hostName
}

function readDomain(system: Section): string {
  const domain = system.text('domain')
  return /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,100}$/.test(domain) ? domain : defaultConfig.domain
}

// pf makes one up at each start; here it stays the same, and two nodes differ by name or address.
function hostIdOf(hostName: string, interfaces: readonly InterfaceConfig[]): string {
  const own = [hostName, ...interfaces.map(({ address }) => address)].join('/')
  return createHash('sha256').update(own).digest('hex').slice(0, 8)
}

function withAliases(each: InterfaceConfig, aliases: string[] | undefined): InterfaceConfig {
  return aliases === undefined ? each : { ...each, aliases }
}

function readTunables(items: readonly Section[]): Record<string, string> {
  const found = items.map((item): [string, string] => [item.text('tunable'), item.text('value')])
  return Object.fromEntries(found.filter(([name, value]) => /^[\w.]{1,100}$/.test(name) && /^-?\d{1,10}$/.test(value)))
}

function readWebgui(section: Section): SystemConfig['webgui'] {
  const protocol = section.text('protocol') === 'http' ? 'http' : 'https'
  const usual = protocol === 'http' ? 80 : 443
  return { protocol, port: section.isSet('port') ? (section.whole('port', 1, 65_535) ?? usual) : usual }
}

function readKeys(system: Section): string[] {
  const administrator = system.all('user').find((user) => ['root', 'admin'].includes(user.text('name')))
  const text = administrator?.text('authorizedkeys') ?? ''
  const plain = text.includes(' ') ? text : Buffer.from(text, 'base64').toString()
  return plain.split(/[\r\n]+/).filter((line) => /^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+=*( .*)?$/.test(line))
}
