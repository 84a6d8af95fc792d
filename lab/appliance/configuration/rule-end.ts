import { isIPv4 } from 'node:net'
import type { Flavour } from '../config.ts'
import type { Place, PortRange, RuleEnd } from '../pf/rule.ts'
import { isAddress6, type Section } from './section.ts'

/** What rules may name. `keys`: interfaces with a network, tunnels included; `gateways`: gateways and groups. */
export type RuleNames = { keys: readonly string[]; gateways: readonly string[]; flavour: Flavour }

/** One side of a rule: a place, and ports if the rule has them (under a name of their own in outbound NAT). */
export function readEnd(
  section: Section,
  { keys, flavour }: RuleNames,
  ports = section.text('port'),
): RuleEnd | undefined {
  const place = readPlace(section, keys, flavour)
  const range = ports === '' || ports === 'any' ? 'any' : readPorts(ports)
  if (place === undefined) return undefined
  if (range === undefined) return section.refuse('port', 'a port or a range of ports')
  return { place, not: section.isOn('not', flavour), ...(range !== 'any' && { ports: range }) }
}

function readPlace(section: Section, keys: readonly string[], flavour: Flavour): Place | undefined {
  const name = section.isSet('address') ? 'address' : 'network'
  const text = section.text(name)
  if (section.isOn('any', flavour) || text === 'any') return { kind: 'any' }
  if (text === '(self)') return { kind: 'self' }
  if (keys.includes(text)) return { kind: 'behind', key: text }
  if (text.endsWith('ip') && keys.includes(text.slice(0, -2))) return { kind: 'interface', key: text.slice(0, -2) }
  const cidr = asCidr(text)
  return cidr === undefined ? section.refuse(name, 'an address, a network or an interface') : { kind: 'network', cidr }
}

function asCidr(text: string): string | undefined {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const most = isIPv4(address) ? 32 : isAddress6(address) ? 128 : undefined
  if (most === undefined || Number(bits ?? most) > most) return undefined
  return `${address}/${bits === undefined ? most : Number(bits)}`
}

/** `443`, `80-90` (OPNsense) or `80:90` (pf). */
function readPorts(text: string): PortRange | undefined {
  const [, first, last] = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(text) ?? []
  const [from, to] = [Number(first), Number(last ?? first)]
  return from >= 1 && from <= to && to <= 65_535 ? { from, to } : undefined
}
