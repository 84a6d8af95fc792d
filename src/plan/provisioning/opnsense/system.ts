import { hashed } from '../firewall/password-hash.ts'
import type { Section } from '../firewall/section.ts'
import { addressOf } from '../firewall/subject.ts'
import type { Subject } from '../firewall/subject.ts'

/** Name, access and the one user, root: keys for SSH, password for the WebGUI and configuration sync, key for the API. */
export function systemSection(subject: Subject): Section {
  const { lab, machine, material } = subject
  const { dns } = lab.pair
  return {
    optimization: 'normal',
    hostname: machine,
    domain: `${lab.lab.toLowerCase()}.internal`,
    timezone: 'Etc/UTC',
    ...(dns === undefined ? {} : { dnsserver: addressOf(subject, dns) }),
    group: {
      name: 'admins',
      description: 'System Administrators',
      scope: 'system',
      gid: '1999',
      member: '0',
      priv: 'page-all',
    },
    user: userSection({ material }),
    nextuid: '2000',
    nextgid: '2000',
    webgui: { protocol: 'https' },
    ssh: { enabled: 'enabled', group: 'admins', permitrootlogin: '1', noauto: '1' },
    disablenatreflection: 'yes',
    usevirtualterminal: '1',
    serialspeed: '115200',
    primaryconsole: 'serial',
    disablechecksumoffloading: '1',
    disablesegmentationoffloading: '1',
    disablelargereceiveoffloading: '1',
    backupcount: '60',
  }
}

function userSection({ material }: Pick<Subject, 'material'>): Section {
  const { harnessKey, rootPassword, apiKey } = material
  return {
    name: 'root',
    descr: 'System Administrator',
    scope: 'system',
    groupname: 'admins',
    uid: '0',
    password: hashed(rootPassword),
    authorizedkeys: Buffer.from(`${harnessKey.trim()}\n`).toString('base64'),
    apikeys: { item: { key: apiKey.key, secret: hashed(apiKey.secret) } },
  }
}
