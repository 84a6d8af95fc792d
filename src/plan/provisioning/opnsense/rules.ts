import { hostOf, subnetOf } from '../address.ts'
import type { Section } from './section.ts'
import { vipOn } from './subject.ts'
import type { Interface, Subject } from './subject.ts'

/** Everything may leave from inside networks; the sync and management networks are trusted; the WAN answers pings. */
export function filterSection({ interfaces }: Subject): Section {
  return {
    rule: interfaces.map((each) => ({
      type: 'pass',
      interface: each.key,
      ipprotocol: 'inet',
      ...(each.role === 'wan' ? { protocol: 'icmp' } : {}),
      statetype: 'keep state',
      descr: descriptions[each.role],
      source: each.role === 'inside' ? { network: each.key } : { any: '1' },
      destination: { any: '1' },
    })),
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
  const inside = subject.interfaces.filter(({ role }) => role === 'inside')
  const outside = subject.interfaces.filter(({ role }) => role === 'wan')
  return {
    outbound: {
      mode: 'advanced',
      rule: outside.flatMap((wan) => inside.map((lan) => outboundRule(subject, wan, lan))),
    },
  }
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
