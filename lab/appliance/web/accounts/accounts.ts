import { createHash } from 'node:crypto'
import { Section } from '../../configuration/section.ts'
import type { XmlElement } from '../../configuration/xml.ts'
import { fitsHash } from './sha512-crypt.ts'

/** A user of the firewall with what it may do, its groups' privileges included. */
export type Account = {
  name: string
  hash: string
  /** Names of privileges, like `page-all`. */
  privileges: ReadonlySet<string>
  keys: readonly { key: string; hash: string }[]
}

/** Reads users and groups of either product's config.xml. Who is disabled is left out; user 0 may do everything. */
export function readAccounts(config: XmlElement): Account[] {
  const system = new Section(config, () => undefined).at('system')
  const groups = system.all('group')
  return system.all('user').flatMap((user) => {
    const name = user.text('name')
    if (name === '' || isOn(user, 'disabled')) return []
    const uid = user.text('uid')
    const own = groups.filter((group) => words(group, 'member').includes(uid) || isOfGroup(user, group.text('name')))
    const privileges = new Set([user, ...own].flatMap((each) => words(each, 'priv')))
    if (uid === '0' || name === 'root' || name === 'admin') privileges.add('page-all')
    const keys = user.at('apikeys').all('item')
    return [
      {
        name,
        hash: user.text('password') || user.text('sha512-hash'),
        privileges,
        keys: keys.map((item) => ({ key: item.text('key'), hash: item.text('secret') })),
      },
    ]
  })
}

/** Checks secrets against hashes; a pair that has fitted once is not computed again. */
export function createSecretCheck(): (secret: string, hash: string) => boolean {
  const known = new Set<string>()
  return (secret, hash) => {
    const pair = createHash('sha256').update(`${hash}\n${secret}`).digest('base64')
    if (known.has(pair)) return true
    if (secret === '' || !fitsHash(secret, hash)) return false
    known.add(pair)
    return true
  }
}

/** Whether the account holds the privilege, or all pages. */
export function holds({ privileges }: Account, privilege: string): boolean {
  return privileges.has('page-all') || privileges.has(privilege)
}

function words(section: Section, name: string): string[] {
  return section.all(name).flatMap(({ element }) => element.text.split(',').map((word) => word.trim()))
}

function isOfGroup(user: Section, group: string): boolean {
  return words(user, 'groupname').includes(group) && group !== ''
}

function isOn(section: Section, name: string): boolean {
  return section.all(name).length > 0 && section.text(name) !== '0'
}
