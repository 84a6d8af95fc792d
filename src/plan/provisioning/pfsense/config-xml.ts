import { create } from 'xmlbuilder2'
import type { Lab } from '../../../model/lab.ts'
import type { LabMaterial } from '../material.ts'
import { subjectOf } from '../firewall/subject.ts'
import { hasyncSection, virtualIpSection } from './high-availability.ts'
import { gatewaysSection, interfacesSection } from './interfaces.ts'
import { natSection } from './nat.ts'
import { openvpnSections } from './openvpn.ts'
import { filterSection } from './rules.ts'
import { dhcpSection, syslogSection } from './services.ts'
import { systemSection } from './system.ts'

/** Of release 2.7.2; a newer pfSense upgrades an older configuration by itself. */
const version = '23.3'

/**
 * The config.xml of one firewall of the pair, in pfSense's own structure: a setting that is on is an element that is there.
 * `<firedrill>` is ours and means nothing to pfSense. Contains secrets.
 */
export function configXml(lab: Lab, machine: string, label: string, instance: number, material: LabMaterial): string {
  const subject = subjectOf(lab, machine, label, instance, material)
  const document = {
    pfsense: {
      version,
      firedrill: { lab: label, machine, wanhook: lab.pair.wanHook ? '1' : '0' },
      system: systemSection(subject),
      interfaces: interfacesSection(subject),
      gateways: gatewaysSection(subject),
      virtualip: virtualIpSection(subject),
      hasync: hasyncSection(subject),
      filter: filterSection(subject),
      nat: natSection(subject),
      ...dhcpSection(subject),
      unbound: { enable: '', active_interface: 'all', outgoing_interface: 'all' },
      syslog: syslogSection(subject),
      ...openvpnSections(subject),
    },
  }
  return `${create({ version: '1.0' }, document).end({ prettyPrint: true })}\n`
}
