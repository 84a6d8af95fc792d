import { hostOf, prefixOf } from '../address.ts'
import { uuidOf } from './section.ts'
import type { Section } from './section.ts'
import { gatewayOn } from './subject.ts'
import type { Interface, Subject } from './subject.ts'

/** The interfaces in the order of their devices. The lab's addresses are private, so private sources are not blocked. */
export function interfacesSection(subject: Subject): Section {
  return Object.fromEntries(subject.interfaces.map((each) => [each.key, interfaceSection(subject, each)]))
}

function interfaceSection(subject: Subject, each: Interface): Section {
  const { address } = each.nic
  const gateway = gatewayOn(subject, each)
  const common = { enable: '1', if: each.device, descr: descriptionOf(each) }
  if (address !== null) {
    const at = { ipaddr: hostOf(address), subnet: String(prefixOf(address)) }
    return { ...common, ...at, ...(gateway === null ? {} : { gateway: gatewayName(each) }) }
  }
  return { ...common, ipaddr: 'dhcp', ...(each.role === 'management' ? addressOnly : {}) }
}

/** Takes nothing but an address from the management network: a default route from there would lead the lab's traffic out of the lab. */
const addressOnly = { adv_dhcp_config_advanced: '1', adv_dhcp_request_options: 'subnet-mask,broadcast-address' }

function descriptionOf({ role, nic }: Interface): string {
  return role === 'management' ? 'MGMT' : nic.network.toUpperCase()
}

/** Gateways of interfaces with addresses of their own; DHCP makes its own. */
export function gatewaysSection(subject: Subject): Section[] {
  return subject.interfaces.flatMap((each) => {
    const gateway = gatewayOn(subject, each)
    if (gateway === null) return []
    const name = gatewayName(each)
    return [
      {
        '@uuid': uuidOf(subject.machine, 'gateway', name),
        disabled: '0',
        name,
        interface: each.key,
        ipprotocol: 'inet',
        gateway,
        defaultgw: '1',
        priority: '255',
        weight: '1',
        monitor_disable: '1',
      },
    ]
  })
}

function gatewayName({ key }: Interface): string {
  return `${key.toUpperCase()}_GW`
}
