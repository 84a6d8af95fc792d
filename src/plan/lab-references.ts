import type { Lab } from '../model/lab.ts'
import type { DocumentPath, Mistake } from './mistake.ts'
import { unknownName } from './nearest.ts'

/** Names in a lab that refer to nothing, and networks that are neither VLAN nor VXLAN, or both. */
export function labReferences(lab: Lab): Mistake[] {
  const machines = Object.keys(lab.machines)
  const firewalls = [lab.pair.primary, lab.pair.secondary]
  // Where the pair itself is mistyped, the names of its firewalls elsewhere are right.
  const pair = firewalls.every((name) => machines.includes(name)) ? firewalls : machines
  const names = { networks: Object.keys(lab.networks), machines, pair }
  return [
    ...networkMistakes(lab),
    ...unknownOnes(references(lab), names),
    ...(lab.pair.forwards ?? []).flatMap(({ to }, index) => {
      const [machine = ''] = to.split(':')
      return unknownOnes([['machines', machine, ['pair', 'forwards', index, 'to']]], names)
    }),
    ...endpointMistakes(lab),
  ]
}

type Kind = 'networks' | 'machines' | 'pair'
type Reference = [kind: Kind, given: string, path: DocumentPath, at?: Mistake['at']]

const words: Record<Kind, string> = {
  networks: 'a network of this lab',
  machines: 'a machine of this lab',
  pair: 'a firewall of the pair',
}

function unknownOnes(found: Reference[], names: Record<Kind, string[]>): Mistake[] {
  return found
    .filter(([kind, given]) => !names[kind].includes(given))
    .map(([kind, given, path, at = 'value']) => ({ path, at, message: unknownName(words[kind], given, names[kind]) }))
}

function references({ machines, pair }: Lab): Reference[] {
  const { stateSync, configSync, vpn, syslog, dns } = pair
  return [
    ...Object.entries(machines).flatMap(([name, machine]) => machineReferences(name, machine)),
    ['machines', pair.primary, ['pair', 'primary']],
    ['machines', pair.secondary, ['pair', 'secondary']],
    ...(stateSync ? [reference('networks', stateSync.network, 'stateSync', 'network')] : []),
    ...(configSync ? [reference('networks', configSync.network, 'configSync', 'network')] : []),
    ...(configSync ? [reference('pair', configSync.from, 'configSync', 'from')] : []),
    ...pair.vips.flatMap(({ network, skew }, index) => [
      reference('networks', network, 'vips', index, 'network'),
      ...keys(skew, 'vips', index, 'skew'),
    ]),
    ...(pair.gateways ?? []).map(({ network }, index) => reference('networks', network, 'gateways', index, 'network')),
    ...(pair.dhcp ?? []).flatMap(({ network, ranges, delay = {} }, index) => [
      reference('networks', network, 'dhcp', index, 'network'),
      ...keys(ranges, 'dhcp', index, 'ranges'),
      ...keys(delay, 'dhcp', index, 'delay'),
    ]),
    ...(pair.forwards ?? []).map(({ network }, index) => reference('networks', network, 'forwards', index, 'network')),
    ...(vpn ? [reference('machines', vpn.endpoint, 'vpn', 'endpoint')] : []),
    ...(vpn?.for ?? []).map((name, index) => reference('machines', name, 'vpn', 'for', index)),
    ...(syslog === undefined ? [] : [reference('machines', syslog, 'syslog')]),
    ...(dns === undefined ? [] : [reference('machines', dns, 'dns')]),
  ]
}

function machineReferences(name: string, { nics, dhcp }: Lab['machines'][string]): Reference[] {
  const path = ['machines', name]
  return [
    ...Object.keys(nics).map((nic): Reference => ['networks', nic, [...path, 'nics', nic], 'key']),
    ...(dhcp ? [['networks', dhcp.network, [...path, 'dhcp', 'network']] satisfies Reference] : []),
  ]
}

const reference = (kind: Kind, given: string, ...path: DocumentPath): Reference => [kind, given, ['pair', ...path]]

/** The keys of a map by firewall. */
const keys = (map: Record<string, unknown>, ...path: DocumentPath): Reference[] =>
  Object.keys(map).map((name): Reference => ['pair', name, ['pair', ...path, name], 'key'])

function networkMistakes({ networks }: Lab): Mistake[] {
  return Object.entries(networks).flatMap(([name, { vlan, vxlan }]) => {
    if ((vlan === undefined) !== (vxlan === undefined)) return []
    const got = vlan === undefined ? 'neither' : 'both'
    return [{ path: ['networks', name], at: 'key', message: `expected either vlan or vxlan, got ${got}` }]
  })
}

/** A tunnel ends at a machine that offers one. */
function endpointMistakes({ machines, pair }: Lab): Mistake[] {
  const { vpn } = pair
  if (vpn === undefined || !Object.hasOwn(machines, vpn.endpoint) || machines[vpn.endpoint]?.vpn) return []
  const valid = Object.keys(machines).filter((name) => machines[name]?.vpn !== undefined)
  const message = unknownName('a machine with vpn: { tunnel }', vpn.endpoint, valid)
  return [{ path: ['pair', 'vpn', 'endpoint'], at: 'value', message }]
}
