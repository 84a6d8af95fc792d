import { randomBytes, randomUUID } from 'node:crypto'
import { type Release, privilegeIn } from '../release.ts'
import { builtInRoles, allPrivileges } from './roles.ts'

/** Who asks: `root@pam` or `root@pam!token`; tickets may do a few things that tokens may not. */
export type Caller = { id: string; isTicket: boolean }

/** A token as it was made; `expire` in seconds since 1970, 0 is never. */
type Token = { id: string; secret: string; privsep: boolean; expire: number; comment?: string }

/** One entry of the access control list. */
type AclEntry = {
  path: string
  type: 'user' | 'group' | 'token'
  ugid: string
  roleid: string
  propagate: boolean
}

/** Users, tokens, roles and who may do what where. */
export type Access = {
  /** All that there are in this release. */
  privileges: readonly string[]
  tokens: Map<string, Token>
  roles: Map<string, readonly string[]>
  acl: AclEntry[]
  passwords: Map<string, string>
  /** Tickets by text, with the header that has to come with every change. */
  tickets: Map<string, { user: string; csrf: string; expiresAtMs: number }>
}

/** Root alone, with one token that may do everything root may. */
export function createAccess(
  tokenId: string,
  release: Release = '9.1',
): { access: Access; token: string; password: string } {
  const id = `root@pam!${tokenId}`
  const [secret, password] = [randomUUID(), randomBytes(12).toString('hex')]
  const named = (privileges: readonly string[]) => [...new Set(privileges.map((each) => privilegeIn(release, each)))]
  const access: Access = {
    privileges: named(allPrivileges),
    tokens: new Map([[id, { id, secret, privsep: false, expire: 0 }]]),
    roles: new Map([...builtInRoles].map(([role, privileges]) => [role, named(privileges)])),
    acl: [],
    passwords: new Map([['root@pam', password]]),
    tickets: new Map(),
  }
  return { access, token: `${id}=${secret}`, password }
}

/** The privileges of a caller on a path, each with whether it holds below it too. `poolOf` names the pool of a VM. */
export function privilegesOn(
  access: Access,
  id: string,
  path: string,
  poolOf?: (vmid: number) => string | undefined,
): Map<string, boolean> {
  const [user = '', tokenName] = id.split('!')
  const own = ofUser(access, user, path, poolOf)
  if (tokenName === undefined || access.tokens.get(id)?.privsep === false) return own
  const granted = withPool(access, { type: 'token', ugid: id }, path, poolOf)
  return new Map([...granted].filter(([privilege]) => own.has(privilege)))
}

type Owner = { type: AclEntry['type']; ugid: string }
type PoolOf = ((vmid: number) => string | undefined) | undefined

function ofUser(access: Access, user: string, path: string, poolOf: PoolOf): Map<string, boolean> {
  if (user === 'root@pam') return new Map(access.privileges.map((privilege) => [privilege, true]))
  return withPool(access, { type: 'user', ugid: user }, path, poolOf)
}

// A VM has the privileges of its pool too.
function withPool(access: Access, owner: Owner, path: string, poolOf: PoolOf): Map<string, boolean> {
  const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1]
  const pool = vmid === undefined ? undefined : poolOf?.(Number(vmid))
  const fromPool = pool === undefined ? [] : ofEntries(access, owner, `/pool/${pool}`)
  return new Map([...fromPool, ...ofEntries(access, owner, path)])
}

// From the root down, the entries of a deeper level replace those above.
function ofEntries({ acl, roles }: Access, { type, ugid }: Owner, path: string): Map<string, boolean> {
  let found = new Map<string, boolean>()
  for (const level of levelsOf(path)) {
    const entries = acl.filter((entry) => entry.path === level && entry.type === type && entry.ugid === ugid)
    const valid = entries.filter(({ propagate }) => propagate || level === path)
    if (valid.length === 0) continue
    found = new Map(
      valid.flatMap(({ roleid, propagate }) => (roles.get(roleid) ?? []).map((each) => [each, propagate] as const)),
    )
  }
  return found
}

function levelsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '')
  return ['/', ...parts.map((_part, index) => `/${parts.slice(0, index + 1).join('/')}`)]
}
