import { uuidOf } from '../firewall/section.ts'
import type { Section } from '../firewall/section.ts'
import { addressOf } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** Everything that is logged goes to the lab's collector too, UDP 514. */
export function syslogSection(subject: Subject): Section {
  const { lab, machine } = subject
  const collector = lab.pair.syslog
  if (collector === undefined) return {}
  const destination = {
    '@uuid': uuidOf(machine, 'syslog', collector),
    enabled: '1',
    transport: 'udp4',
    program: '',
    level: 'info,notice,warn,err,crit,alert,emerg',
    facility: '',
    hostname: addressOf(subject, collector),
    certificate: '',
    port: '514',
    rfc5424: '1',
    description: collector,
  }
  const general = { enabled: '1', loglocal: '1', maxpreserve: '31' }
  return { Syslog: { '@version': '1.0.2', general, destinations: { destination } } }
}
