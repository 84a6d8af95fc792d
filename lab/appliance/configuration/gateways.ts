import { isIPv4 } from 'node:net'
import type { Family } from '../carp/vhid.ts'
import type { Flavour, SystemConfig } from '../config.ts'
import type { GatewayConfig, GatewayGroup, MonitorTiming } from '../net/gateway.ts'
import { isAddress6, type Section } from './section.ts'

/** What the configuration says of ways out. */
export type ReadGateways = Pick<SystemConfig, 'gateways' | 'gatewayGroups' | 'defaultGateways'>

const families = new Map<string, Family>([
  ['', 'inet'],
  ['inet', 'inet'],
  ['inet6', 'inet6'],
])
const gatewayName = /^[A-Za-z0-9_]{1,31}$/

/** Reads gateways, their groups and which are the default. `devices`: by key, tunnels included. */
export function readGateways(root: Section, devices: ReadonlyMap<string, string>, flavour: Flavour): ReadGateways {
  const items = [root.at('OPNsense').at('Gateways'), root.at('gateways')].flatMap((each) => each.all('gateway_item'))
  const read = items.flatMap((each) => {
    const gateway = each.isOn('disabled', flavour) ? undefined : readGateway(each, devices, flavour)
    return gateway === undefined ? [] : [{ gateway, section: each }]
  })
  const gateways = read.map(({ gateway }) => gateway)
  const gatewayGroups = root
    .at('gateways')
    .all('gateway_group')
    .flatMap((each) => readGroup(each, gateways) ?? [])
  const known = { gateways, gatewayGroups }
  if (flavour === 'pfsense') return { ...known, defaultGateways: readDefaults(root.at('gateways'), known) }
  // Without gateway switching only the best one is ever the default.
  const ofBoth = root.at('system').isSet('gw_switch_default') ? Infinity : 1
  const best = (family: Family) => upstream(read, family).slice(0, ofBoth)
  return { ...known, defaultGateways: { inet: best('inet'), inet6: best('inet6') } }
}

function readGateway(
  section: Section,
  devices: ReadonlyMap<string, string>,
  flavour: Flavour,
): GatewayConfig | undefined {
  const name = section.word('name', gatewayName, 'letters, digits and underscores')
  const device = section.known('interface', devices)
  const family = section.known('ipprotocol', families)
  if (name === undefined || device === undefined || family === undefined) return undefined
  const text = section.text('gateway')
  const address = text === 'dynamic' || text === '' ? undefined : section.anyAddress('gateway')
  if (text !== 'dynamic' && text !== '' && (address === undefined || familyOf(address) !== family)) {
    return section.refuse('gateway', `an address of ${family}`)
  }
  const monitor = section.isOn('monitor_disable', flavour) ? undefined : readMonitor(section, family, address)
  return {
    name,
    key: section.text('interface'),
    device,
    family,
    ...(address !== undefined && { address }),
    ...(monitor !== undefined && { monitor }),
    timing: readTiming(section, flavour),
    isForcedDown: section.isOn('force_down', flavour),
  }
}

function readMonitor(section: Section, family: Family, address: string | undefined): string | undefined {
  if (!section.isSet('monitor')) return address
  const monitor = section.anyAddress('monitor')
  return monitor !== undefined && familyOf(monitor) === family ? monitor : address
}

// OPNsense counts in seconds, pfSense in milliseconds; both have the defaults of dpinger.
function readTiming(section: Section, flavour: Flavour): MonitorTiming {
  const unitMs = flavour === 'opnsense' ? 1000 : 1
  const [interval, loss] = flavour === 'opnsense' ? [1000, 4000] : [500, 2000]
  const time = (name: string, usualMs: number): number => {
    const value = section.isSet(name) ? section.whole(name, 1, 99_999) : undefined
    return value === undefined ? usualMs : value * unitMs
  }
  return {
    intervalMs: Math.max(100, time('interval', interval)),
    lossIntervalMs: time('loss_interval', loss),
    periodMs: time('time_period', 60_000),
    alertIntervalMs: time('alert_interval', 1000),
    lossHigh: section.isSet('losshigh') ? (section.whole('losshigh', 1, 100) ?? 20) : 20,
    latencyHighMs: section.isSet('latencyhigh') ? (section.whole('latencyhigh', 1, 99_999) ?? 500) : 500,
  }
}

/** `NAME|TIER` or `NAME|TIER|ADDRESS`; tier 0 is never used. */
function readGroup(section: Section, gateways: readonly GatewayConfig[]): GatewayGroup | undefined {
  const name = section.word('name', gatewayName, 'letters, digits and underscores')
  const members = section.all('item').flatMap(({ element }) => {
    const [, member = '', tier = '0'] = /^(\w{1,31})\|([0-5])(\||$)/.exec(element.text) ?? []
    return gateways.some((each) => each.name === member) && tier !== '0' ? [{ member, tier }] : []
  })
  if (name === undefined) return undefined
  if (members.length === 0) return section.refuse('item', 'a gateway with its tier, like WAN_GW|1')
  const tiers = ['1', '2', '3', '4', '5'].map((tier) => members.filter((each) => each.tier === tier))
  return { name, tiers: tiers.filter((tier) => tier.length > 0).map((tier) => tier.map(({ member }) => member)) }
}

type Known = Pick<ReadGateways, 'gateways' | 'gatewayGroups'>

// pfSense: a gateway, a group, `-` for none; empty for whichever is up.
function readDefaults(section: Section, { gateways, gatewayGroups }: Known): ReadGateways['defaultGateways'] {
  const choose = (name: string, family: Family): string[] => {
    const chosen = section.text(name)
    const ofFamily = gateways.filter((each) => each.family === family).map((each) => each.name)
    const group = gatewayGroups.find((each) => each.name === chosen)
    if (group !== undefined) return group.tiers.flat().filter((member) => ofFamily.includes(member))
    if (chosen === '-') return []
    return chosen === '' ? ofFamily : ofFamily.filter((each) => each === chosen)
  }
  return { inet: choose('defaultgw4', 'inet'), inet6: choose('defaultgw6', 'inet6') }
}

function upstream(read: readonly { gateway: GatewayConfig; section: Section }[], family: Family): string[] {
  const fit = read.filter(({ gateway, section }) => gateway.family === family && section.isSet('defaultgw'))
  const priority = ({ section }: { section: Section }): number => Number(section.text('priority')) || 255
  return fit.toSorted((a, b) => priority(a) - priority(b)).map(({ gateway }) => gateway.name)
}

function familyOf(address: string): Family | undefined {
  if (isIPv4(address)) return 'inet'
  return isAddress6(address) ? 'inet6' : undefined
}
