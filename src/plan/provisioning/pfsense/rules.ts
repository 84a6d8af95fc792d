import type { Section } from '../firewall/section.ts'
import { addressOn, gatewaysOf, groupOf, withRole } from '../firewall/subject.ts'
import type { Interface, Subject } from '../firewall/subject.ts'

/**
 * The rules by interface, first match wins: what may leave by the tunnel only, sync, then everything from inside by whichever WAN is up.
 * The WAN answers pings; sync and management networks are trusted; nothing goes from one inside network to another but from the LAN.
 */
export function filterSection(subject: Subject): Section {
  const rules = subject.interfaces.flatMap((each) => rulesOn(subject, each))
  return { rule: rules.map((rule, index) => ({ id: '', tracker: String(1_700_000_000 + index), ...rule })) }
}

function rulesOn(subject: Subject, each: Interface): Section[] {
  const { key, role } = each
  const any = { any: '' }
  const pass = { type: 'pass', interface: key, ipprotocol: 'inet' }
  if (role === 'wan') return [{ ...pass, protocol: 'icmp', source: any, destination: any, descr: 'Pings' }]
  if (role !== 'inside') {
    const descr = role === 'sync' ? 'State and configuration sync' : 'Management access'
    return [{ ...pass, source: any, destination: any, descr }]
  }
  return [...killSwitch(subject, each), ...syncRules(subject, each), ...wayOut(subject, each)]
}

/** The document's two rules: through the tunnel, or not at all. */
function killSwitch(subject: Subject, { key, nic }: Interface): Section[] {
  const { lab } = subject
  const held = (lab.pair.vpn?.for ?? []).flatMap((name) => addressOn(lab, name, nic.network) ?? [])
  const common = { interface: key, ipprotocol: 'inet', destination: { any: '' } }
  return held.flatMap((address) => [
    { type: 'pass', ...common, source: { address }, gateway: 'VPN_GW', descr: 'Route through VPN when available' },
    { type: 'block', ...common, source: { address }, log: '', descr: 'KILL SWITCH: block if VPN is down' },
  ])
}

/** Where the firewalls sync over a network that others use, too, the peer gets what it needs by name. */
function syncRules({ lab, peer }: Subject, { key, nic }: Interface): Section[] {
  const address = addressOn(lab, peer, nic.network)
  if (nic.network !== lab.pair.stateSync?.network || address === null) return []
  const common = { type: 'pass', interface: key, ipprotocol: 'inet' }
  const self = { network: '(self)' }
  const network = { network: key }
  return [
    {
      ...common,
      protocol: 'tcp',
      source: { address },
      destination: { ...self, port: '443' },
      descr: 'Allow XMLRPC sync from the peer',
    },
    { ...common, protocol: 'pfsync', source: { address }, destination: self, descr: 'Allow pfsync from the peer' },
    { ...common, protocol: 'carp', source: network, destination: network, descr: 'Allow CARP advertisements' },
  ]
}

function wayOut(subject: Subject, each: Interface): Section[] {
  const others = withRole(subject, 'inside').filter((other) => other !== each)
  const common = { interface: each.key, ipprotocol: 'inet', source: { network: each.key } }
  const group = groupOf(gatewaysOf(subject))
  const inside = others.map(({ key, nic }) => ({
    type: each.key === 'lan' ? 'pass' : 'block',
    ...common,
    destination: { network: key },
    descr: `${each.nic.network} to ${nic.network}`,
  }))
  const self = { type: 'pass', ...common, destination: { network: '(self)' }, descr: 'To the firewall itself' }
  const out = { type: 'pass', ...common, destination: { any: '' }, descr: 'Everything from this network' }
  return group === null ? [...inside, out] : [...inside, self, { ...out, gateway: group }]
}
