import { createHash } from 'node:crypto'
import { sha512Crypt } from '../sha512-crypt.ts'
import type { Section } from './section.ts'
import type { Subject } from './subject.ts'

/** Name, access and the one user, root: keys for SSH, password for the WebGUI and configuration sync, key for the API. */
export function systemSection({ lab, machine, material }: Subject): Section {
  return {
    optimization: 'normal',
    hostname: machine,
    domain: `${lab.lab.toLowerCase()}.internal`,
    timezone: 'Etc/UTC',
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

/** The salt comes from the secret itself, which is random: the same lab gives the same file, so it is copied only once. */
function hashed(secret: string): string {
  return sha512Crypt(secret, createHash('sha256').update(`salt/${secret}`).digest('hex').slice(0, 16))
}
