import type { Flavour, InterfaceConfig } from '../config.ts'
import { isAddress6, type Section } from './section.ts'

/** The interfaces that are NICs of this machine, in the order of their devices; a device is used once. */
export function readInterfaces(
  section: Section,
  flavour: Flavour,
  devices: readonly string[] | undefined,
): InterfaceConfig[] {
  const found = section.inner().flatMap((each) => readInterface(each, flavour, devices) ?? [])
  const firstOf = new Map(found.map((each) => [each.device, each] as const).toReversed())
  return found.filter((each) => firstOf.get(each.device) === each).sort((a, b) => numberOf(a) - numberOf(b))
}

/** The keys of interfaces that are tunnels, by device. */
export function readTunnelKeys(section: Section, flavour: Flavour): Map<string, string> {
  const tunnels = section.inner().filter((each) => isInterface(each, flavour) && isTunnel(each.text('if')))
  return new Map(tunnels.map((each) => [each.text('if'), each.element.name]))
}

function readInterface(
  section: Section,
  flavour: Flavour,
  devices: readonly string[] | undefined,
): InterfaceConfig | undefined {
  const key = section.element.name
  const device = section.text('if')
  if (!isInterface(section, flavour) || isTunnel(device)) return undefined
  if (!/^vtnet\d{1,2}$/.test(device)) return section.refuse('if', 'an interface like vtnet0')
  if (devices?.includes(device) === false) return section.refuse('if', `one of ${nicsIn(devices)}`)
  const common = { key, description: oneLine(section.text('descr')) || key.toUpperCase(), device }
  if (section.text('ipaddr') === 'dhcp') return { ...common, address: 'dhcp' }
  const [address, prefix] = [section.address('ipaddr'), section.whole('subnet', 1, 32)]
  if (address === undefined || prefix === undefined) return undefined
  const address6 = readAddress6(section)
  return {
    ...common,
    address: `${address}/${prefix}`,
    ...(address6 !== undefined && { address6 }),
    ...(isGateway(section.text('gateway')) && { gateway: section.text('gateway') }),
    ...(isGateway(section.text('gatewayv6')) && { gateway6: section.text('gatewayv6') }),
  }
}

function nicsIn(devices: readonly string[]): string {
  return devices.filter((each) => each.startsWith('vtnet')).join(', ') || 'no NIC at all'
}

// Loopback and groups are interfaces to both products too.
function isInterface(section: Section, flavour: Flavour): boolean {
  return /^(wan|lan|opt\d{1,3})$/.test(section.element.name) && section.isOn('enable', flavour)
}

function isTunnel(device: string): boolean {
  return /^ovpn[cs]\d{1,3}$/.test(device)
}

// Of track6, SLAAC and DHCPv6 only the static address is served.
function readAddress6(section: Section): string | undefined {
  const text = section.text('ipaddrv6')
  if (text === '') return undefined
  if (!isAddress6(text)) return section.refuse('ipaddrv6', 'an IPv6 address')
  const prefix = section.whole('subnetv6', 1, 128)
  return prefix === undefined ? undefined : `${text}/${prefix}`
}

function isGateway(name: string): boolean {
  return /^[A-Za-z0-9_]{1,31}$/.test(name) && name !== 'none'
}

function numberOf({ device }: InterfaceConfig): number {
  return Number(device.replace(/\D+/, ''))
}

/** A description as one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
