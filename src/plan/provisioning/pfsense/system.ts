import { hashed } from '../firewall/password-hash.ts'
import type { Section } from '../firewall/section.ts'
import { addressOf } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** Name, access and the one user, admin: keys for SSH, password for the WebGUI, configuration sync and the REST package. */
export function systemSection(subject: Subject): Section {
  const { lab, machine, material } = subject
  const { dns, vpn } = lab.pair
  return {
    optimization: 'conservative',
    hostname: machine,
    domain: `${lab.lab.toLowerCase()}.internal`,
    timezone: 'Etc/UTC',
    ...(dns === undefined ? {} : { dnsserver: addressOf(subject, dns) }),
    group: [
      { name: 'all', description: 'All Users', scope: 'system', gid: '1998' },
      {
        name: 'admins',
        description: 'System Administrators',
        scope: 'system',
        gid: '1999',
        member: '0',
        priv: 'page-all',
      },
    ],
    user: userSection(material),
    nextuid: '2000',
    nextgid: '2000',
    webgui: { protocol: 'https', loginautocomplete: '' },
    ssh: { enable: 'enabled', sshdkeyonly: 'enabled' },
    disablenatreflection: 'yes',
    // Without it a rule whose gateway is down is made without the gateway, and what was for the tunnel leaves in clear text.
    ...(vpn === undefined ? {} : { skip_rules_gw_down: '' }),
    enableserial: '',
    serialspeed: '115200',
    primaryconsole: 'serial',
    disablechecksumoffloading: '',
    disablesegmentationoffloading: '',
    disablelargereceiveoffloading: '',
  }
}

function userSection({ harnessKey, rootPassword }: Subject['material']): Section {
  return {
    name: 'admin',
    descr: 'System Administrator',
    scope: 'system',
    groupname: 'admins',
    uid: '0',
    'sha512-hash': hashed(rootPassword),
    priv: 'user-shell-access',
    authorizedkeys: Buffer.from(`${harnessKey.trim()}\n`).toString('base64'),
  }
}
