import type { Family } from '../carp/vhid.ts'
import { isInet6 } from '../net/address.ts'
import { networkOf } from '../net/network.ts'
import { networksOf, ownAddresses, type Places } from './places.ts'
import type { Place, PortRange, RuleEnd } from './rule.ts'

/** What a packet has to be, in nftables' words. */
export type Match = { families: readonly Family[]; protocol?: string; source: RuleEnd; destination: RuleEnd }

const numbers: Readonly<Record<string, string>> = {
  igmp: '2',
  tcp: 'tcp',
  udp: 'udp',
  'tcp/udp': '{ tcp, udp }',
  gre: '47',
  esp: '50',
  ah: '51',
  ospf: '89',
  carp: '112',
  pfsync: '240',
}

/**
 * The conditions of a rule, one text per line that nftables needs for it; none where nothing can match (an address of a
 * family that the interface does not have).
 */
export function renderMatch(places: Places, { families, protocol, source, destination }: Match): string[] {
  const hasPorts = source.ports !== undefined || destination.ports !== undefined
  const wanted = protocol ?? (hasPorts ? 'tcp/udp' : undefined)
  const isAnywhere = source.place.kind === 'any' && destination.place.kind === 'any'
  if (isAnywhere && families.length === 2 && wanted !== 'icmp' && wanted !== 'ipv6-icmp') {
    return [join([renderProtocol(wanted, 'inet'), ...renderPorts(source, destination)])]
  }
  return families.flatMap((family) => {
    const from = renderPlace(places, source, 'saddr', family)
    const to = renderPlace(places, destination, 'daddr', family)
    if (from === undefined || to === undefined) return []
    const head = from + to === '' || !/ip6? /.test(from + to) ? `meta nfproto ${version(family)}` : ''
    return [join([head, renderProtocol(wanted, family), from, to, ...renderPorts(source, destination)])]
  })
}

function renderProtocol(protocol: string | undefined, family: Family): string {
  if (protocol === undefined) return ''
  if (protocol === 'icmp' || protocol === 'ipv6-icmp') return `meta l4proto ${family === 'inet' ? 'icmp' : 'ipv6-icmp'}`
  return `meta l4proto ${numbers[protocol] ?? protocol}`
}

function renderPlace(
  places: Places,
  { place, not }: RuleEnd,
  side: 'saddr' | 'daddr',
  family: Family,
): string | undefined {
  if (place.kind === 'any') return not ? undefined : ''
  if (place.kind === 'self') return `fib ${side} type ${not ? '!= ' : ''}local`
  const found = addressesOf(places, place).filter((address) => isInet6(address) === (family === 'inet6'))
  if (found.length === 0) return not ? '' : undefined
  return `${family === 'inet' ? 'ip' : 'ip6'} ${side} ${not ? '!= ' : ''}${oneOf(found)}`
}

function addressesOf(places: Places, place: Exclude<Place, { kind: 'any' | 'self' }>): string[] {
  if (place.kind === 'network') return [shorten(networkOf(place.cidr))]
  return place.kind === 'interface' ? ownAddresses(places, place.key) : networksOf(places, place.key)
}

function renderPorts(source: RuleEnd, destination: RuleEnd): string[] {
  const from = source.ports === undefined ? [] : [`th sport ${portText(source.ports)}`]
  return destination.ports === undefined ? from : [...from, `th dport ${portText(destination.ports)}`]
}

function portText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`
}

function version(family: Family): string {
  return family === 'inet' ? 'ipv4' : 'ipv6'
}

/** A value, or a set of values. */
export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `{ ${values.join(', ')} }`
}

function shorten(cidr: string): string {
  return cidr.replace(/\/(32|128)$/, '')
}

function join(parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ')
}
