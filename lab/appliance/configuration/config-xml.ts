import { createHash } from 'node:crypto'
import type { InterfaceConfig, PfsyncConfig, SystemConfig, VipConfig } from '../config.ts'
import { defaultConfig } from './default-config.ts'
import { Section } from './section.ts'
import { parseXml } from './xml.ts'

/** What config.xml says, and one line for each thing in it that could not be believed. */
export type ReadConfig = { config: SystemConfig; complaints: string[] }

/** Reads OPNsense's config.xml. Never throws: a text that is none gives the factory's configuration, a wrong part is left out. */
export function readConfigXml(text: string): ReadConfig {
  const complaints: string[] = []
  try {
    const root = parseXml(text)
    if (root.name !== 'opnsense') throw new Error(`expected the root element opnsense, got ${root.name}`)
    const config = readRoot(new Section(root, (complaint) => void complaints.push(complaint)))
    return { config, complaints }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { config: defaultConfig, complaints: [`config.xml: ${reason}; the factory's configuration is used`] }
  }
}

function readRoot(root: Section): SystemConfig {
  const interfaces = readInterfaces(root.at('interfaces'))
  // CARP and pfsync send from the address of their interface.
  const fixed = interfaces.filter(({ address }) => address !== 'dhcp')
  const devices = new Map(fixed.map(({ key, device }) => [key, device]))
  const hostName = readHostName(root.at('system'))
  const pfsync = readPfsync(root.at('hasync'), devices)
  return {
    ...defaultConfig,
    hostName,
    domain: readDomain(root.at('system')),
    hostId: hostIdOf(hostName, interfaces),
    interfaces,
    vips: readVips(root.at('virtualip').all('vip'), devices),
    preempt: !root.at('hasync').isSet('disablepreempt'),
    ...(pfsync && { pfsync }),
    wanHook: root.at('firedrill').isSet('wanhook'),
    sshServer: root.at('system').at('ssh').isSet('enabled'),
    authorizedKeys: readKeys(root.at('system')),
  }
}

function readHostName(system: Section): string {
  const name = system.text('hostname')
  if (/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/.test(name)) return name
  system.refuse('hostname', 'letters, digits and dashes')
  return defaultConfig.hostName
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

function readInterfaces(section: Section): InterfaceConfig[] {
  const found = section.inner().flatMap((each) => readInterface(each) ?? [])
  const firstOf = new Map(found.map((each) => [each.device, each] as const).toReversed())
  return found.filter((each) => firstOf.get(each.device) === each).sort((a, b) => numberOf(a) - numberOf(b))
}

function readInterface(section: Section): InterfaceConfig | undefined {
  const key = section.element.name
  const device = section.text('if')
  // Loopback and groups are interfaces to OPNsense too.
  if (!/^(wan|lan|opt\d{1,3})$/.test(key) || !section.isSet('enable')) return undefined
  if (!/^vtnet\d{1,2}$/.test(device)) return section.refuse('if', 'an interface like vtnet0')
  const description = oneLine(section.text('descr')) || key.toUpperCase()
  if (section.text('ipaddr') === 'dhcp') return { key, description, device, address: 'dhcp' }
  const address = readCidr(section, 'ipaddr', 'subnet')
  return address === undefined ? undefined : { key, description, device, address }
}

function readVips(sections: readonly Section[], devices: ReadonlyMap<string, string>): VipConfig[] {
  const vips = sections.flatMap((each) => (each.text('mode') === 'carp' ? (readVip(each, devices) ?? []) : []))
  // A VHID may have several addresses, but lives on one interface.
  const homeOf = new Map(vips.map(({ vhid, device }) => [vhid, device] as const).toReversed())
  return vips.filter(({ vhid, device }) => homeOf.get(vhid) === device)
}

function readVip(section: Section, devices: ReadonlyMap<string, string>): VipConfig | undefined {
  const device = section.known('interface', devices)
  const address = readCidr(section, 'subnet', 'subnet_bits')
  const vhid = section.whole('vhid', 1, 255)
  const advbase = section.whole('advbase', 1, 254)
  const advskew = section.whole('advskew', 0, 254)
  if (device === undefined || address === undefined || vhid === undefined) return undefined
  if (advbase === undefined || advskew === undefined) return undefined
  const description = oneLine(section.text('descr'))
  return { device, vhid, address, advbase, advskew, password: section.text('password'), description }
}

function readPfsync(section: Section, devices: ReadonlyMap<string, string>): PfsyncConfig | undefined {
  if (!section.isSet('pfsyncinterface')) return undefined
  const device = section.known('pfsyncinterface', devices)
  const peer = section.address('pfsyncpeerip')
  return device === undefined || peer === undefined ? undefined : { device, peer }
}

function readKeys(system: Section): string[] {
  const root = system.all('user').find((user) => user.text('name') === 'root')
  const text = root?.text('authorizedkeys') ?? ''
  const plain = text.includes(' ') ? text : Buffer.from(text, 'base64').toString()
  return plain.split(/[\r\n]+/).filter((line) => /^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+=*( .*)?$/.test(line))
}

function readCidr(section: Section, name: string, bits: string): string | undefined {
  const address = section.address(name)
  const prefix = section.whole(bits, 1, 32)
  return address === undefined || prefix === undefined ? undefined : `${address}/${prefix}`
}

function numberOf({ device }: InterfaceConfig): number {
  return Number(device.replace(/\D+/, ''))
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
