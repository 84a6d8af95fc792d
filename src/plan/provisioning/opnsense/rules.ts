import { hostOf, subnetOf } from '../address.ts'
import { forwardsOf } from '../firewall/forwards.ts'
import type { Forward } from '../firewall/forwards.ts'
import type { Section } from '../firewall/section.ts'
import { gatewaysOf, groupOf, vipOn, withRole } from '../firewall/subject.ts'
import type { Interface, Subject } from '../firewall/subject.ts'

/** Everything may leave from inside networks; the sync and management networks are trusted; the WAN answers pings. */
export function filterSection(subject: Subject): Section {
  const group = groupOf(gatewaysOf(subject))
  return {
    rule: subject.interfaces.flatMap((each) =>
      (each.nic.address6 === null ? ['inet'] : ['inet', 'inet6']).map((ipprotocol) => ({
        type: 'pass',
        interface: each.key,
        ipprotocol,
        ...(each.role === 'wan' ? { protocol: ipprotocol === 'inet' ? 'icmp' : 'ipv6-icmp' } : {}),
        statetype: 'keep state',
        descr: descriptions[each.role],
        ...(each.role === 'inside' && group !== null && ipprotocol === 'inet' ? { gateway: group } : {}),
        source: each.role === 'inside' ? { network: each.key } : { any: '1' },
        destination: { any: '1' },
      })),
    ),
  }
}

const descriptions: Record<Interface['role'], string> = {
  inside: 'Everything from this network',
  sync: 'State and configuration sync',
  management: 'Management access',
  wan: 'Pings',
}

/** What leaves by a WAN takes the shared address there, so that sessions outlive the node; without one, the WAN's own. */
export function natSection(subject: Subject): Section {
  const rules = withRole(subject, 'wan').flatMap((wan) =>
    withRole(subject, 'inside').map((lan) => outboundRule(subject, wan, lan)),
  )
  return { outbound: { mode: 'advanced', rule: rules }, rule: forwardsOf(subject).map(forwardRule) }
}

function outboundRule(subject: Subject, wan: Interface, lan: Interface): Section {
  const vip = vipOn(subject, wan.nic.network)
  return {
    interface: wan.key,
    ipprotocol: 'inet',
    source: { network: subnetOf(lan.nic.address ?? '') },
    destination: { any: '1' },
    target: vip === undefined ? '' : hostOf(vip.address),
    descr: `${lan.nic.network} to ${wan.nic.network} as ${vip === undefined ? 'the address of the interface' : 'the VIP'}`,
  }
}

function forwardRule({ on, address, protocol, port, target, targetPort, what }: Forward): Section {
  return {
    interface: on.key,
    ipprotocol: 'inet',
    protocol,
    source: { any: '1' },
    destination: { address, port: String(port) },
    target,
    'local-port': String(targetPort),
    'associated-rule-id': 'pass',
    descr: what,
  }
}
