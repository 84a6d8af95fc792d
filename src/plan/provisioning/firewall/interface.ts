import { hostOf, isIpv6, prefixOf } from '../address.ts'
import type { Section } from './section.ts'
import { gatewaysOf } from './subject.ts'
import type { Interface, Subject } from './subject.ts'

/** How a product writes that something is so: OPNsense `1`, pfSense an empty element, and `yes` for the DHCP client. */
interface Yes {
  enable: string
  advanced: string
}

/** The interfaces in the order of their devices. The lab's addresses are private, so private sources are not blocked. */
export function interfacesOf(subject: Subject, yes: Yes): Section {
  return Object.fromEntries(subject.interfaces.map((each) => [each.key, interfaceSection(subject, each, yes)]))
}

function interfaceSection(subject: Subject, each: Interface, { enable, advanced }: Yes): Section {
  const { address, address6 } = each.nic
  const common = { enable, if: each.device, descr: descriptionOf(each) }
  if (address === null)
    return { ...common, ipaddr: 'dhcp', ...(each.role === 'management' ? addressOnly(advanced) : {}) }
  const gateways = gatewaysOf(subject).filter(({ on }) => on === each)
  const at6 = address6 === null ? {} : { ipaddrv6: hostOf(address6), subnetv6: String(prefixOf(address6)) }
  return {
    ...common,
    ipaddr: hostOf(address),
    subnet: String(prefixOf(address)),
    ...at6,
    ...Object.fromEntries(gateways.map((gateway) => [isIpv6(gateway.address) ? 'gatewayv6' : 'gateway', gateway.name])),
  }
}

/** Takes nothing but an address from the management network: a default route from there would lead the lab's traffic out of the lab. */
const addressOnly = (advanced: string) => ({
  adv_dhcp_config_advanced: advanced,
  adv_dhcp_request_options: 'subnet-mask,broadcast-address',
})

function descriptionOf({ role, nic }: Interface): string {
  return role === 'management' ? 'MGMT' : nic.network.toUpperCase()
}
