import { create } from 'xmlbuilder2'
import type { Lab } from '../../../model/lab.ts'
import type { LabMaterial } from '../material.ts'
import { dnsmasqSection } from './dhcp.ts'
import { hasyncSection, virtualIpSection } from './high-availability.ts'
import { gatewayGroups, gatewaysSection, interfacesSection } from './interfaces.ts'
import { filterSection, natSection } from './rules.ts'
import { subjectOf } from '../firewall/subject.ts'
import { syslogSection } from './syslog.ts'
import { systemSection } from './system.ts'

/**
 * The config.xml of one firewall of the pair, in OPNsense's own structure. `<firedrill>` is ours and means nothing to OPNsense:
 * `<wanhook>1</wanhook>` turns the template's 10-wan CARP hook on. Contains secrets.
 */
export function configXml(lab: Lab, machine: string, label: string, instance: number, material: LabMaterial): string {
  const subject = subjectOf(lab, machine, label, instance, material)
  const gateways = gatewaysSection(subject)
  const document = {
    opnsense: {
      theme: 'opnsense',
      firedrill: { lab: label, machine, wanhook: lab.pair.wanHook ? '1' : '0' },
      system: systemSection(subject),
      interfaces: interfacesSection(subject),
      virtualip: virtualIpSection(subject),
      hasync: hasyncSection(subject),
      filter: filterSection(subject),
      nat: natSection(subject),
      dnsmasq: dnsmasqSection(subject),
      unbound: { enable: '1' },
      ...gatewayGroups(subject),
      OPNsense: {
        ...(gateways.length === 0 ? {} : { Gateways: { '@version': '1.0.0', gateway_item: gateways } }),
        ...syslogSection(subject),
      },
    },
  }
  return `${create({ version: '1.0' }, document).end({ prettyPrint: true })}\n`
}
