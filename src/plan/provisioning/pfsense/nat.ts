import { hostOf, subnetOf } from '../address.ts'
import { forwardsOf } from '../firewall/forwards.ts'
import type { Forward } from '../firewall/forwards.ts'
import type { Section } from '../firewall/section.ts'
import { vipOn, withRole } from '../firewall/subject.ts'
import type { Interface, Subject } from '../firewall/subject.ts'
import { tunnelOf } from './openvpn.ts'

/**
 * What leaves by a WAN takes the shared address there, so that sessions outlive the node; without one, the WAN's own. Hybrid: rules
 * of pfSense's own come after these.
 */
export function natSection(subject: Subject): Section {
  const tunnel = tunnelOf(subject)
  const ways = [
    ...withRole(subject, 'wan').map(({ key, nic }) => ({ key, vip: vipOn(subject, nic.network)?.address })),
    ...(tunnel === null ? [] : [{ key: tunnel.key, vip: undefined }]),
  ]
  const rules = ways.flatMap((way) => withRole(subject, 'inside').map((lan) => outboundRule(way, lan)))
  return { outbound: { mode: 'hybrid', rule: rules }, rule: forwardsOf(subject).map(forwardRule) }
}

function outboundRule({ key, vip }: { key: string; vip: string | undefined }, { nic }: Interface): Section {
  return {
    interface: key,
    ipprotocol: 'inet',
    source: { network: subnetOf(nic.address ?? '') },
    sourceport: '',
    destination: { any: '' },
    target: vip === undefined ? '' : hostOf(vip),
    descr: vip === undefined ? `${nic.network} as the address of ${key}` : `${nic.network} as the VIP of ${key}`,
  }
}

function forwardRule({ on, address, protocol, port, target, targetPort, what }: Forward): Section {
  return {
    source: { any: '' },
    destination: { address, port: String(port) },
    ipprotocol: 'inet',
    protocol,
    target,
    'local-port': String(targetPort),
    interface: on.key,
    descr: what,
    'associated-rule-id': 'pass',
  }
}
