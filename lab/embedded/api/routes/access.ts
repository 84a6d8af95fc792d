import { privilegesOn } from '../../access/access.ts'
import { randomUUID } from 'node:crypto'
import type { Cluster } from '../../cluster.ts'
import { assertWritable } from '../../cluster.ts'
import { splitList } from '../../vm/config-keys.ts'
import { issueTicket } from '../auth.ts'
import { flag, integer, named, text } from '../parameter.ts'
import { assertPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'

const userId = () => named(/^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/, 'user ID')
const tokenId = () => named(/^[A-Za-z][A-Za-z0-9.\-_]+$/, 'token ID')
const token = { userid: userId(), tokenid: tokenId() }

/** Endpoints about who may do what. */
export const accessRoutes = [
  route({ method: 'GET', path: '/access/ticket', parameters: {}, check: 'world', answer: () => null }),
  route({
    method: 'POST',
    path: '/access/ticket',
    parameters: {
      'new-format': flag().optional(),
      otp: text().optional(),
      password: text(),
      path: text(64).optional(),
      privs: text(64).optional(),
      realm: text(32).optional(),
      'tfa-challenge': text().optional(),
      username: text(64),
    },
    isProtected: true,
    allowsToken: false,
    check: 'world',
    answer: ({ cluster, parameters }) => {
      const { username, realm, password } = parameters
      const user = realm === undefined || username.includes('@') ? username : `${username}@${realm}`
      const { ticket, csrf } = issueTicket(cluster.access, user, password)
      return {
        username: user,
        ticket,
        CSRFPreventionToken: csrf,
        cap: capabilities(cluster, user),
        clustername: 'firedrill',
      }
    },
  }),
  route({
    method: 'GET',
    path: '/access/permissions',
    parameters: { path: text().optional(), userid: text().optional() },
    answer: ({ cluster, caller, parameters }) => {
      const id = parameters.userid ?? caller.id
      if (id !== caller.id) assertPrivilege(cluster, caller, '/access', ['Sys.Audit'])
      const paths = parameters.path === undefined ? knownPaths(cluster) : [parameters.path]
      const found = paths.map((path): [string, Record<string, number>] => [path, shownPrivileges(cluster, id, path)])
      return Object.fromEntries(found.filter(([, privileges]) => Object.keys(privileges).length > 0))
    },
  }),
  route({
    method: 'GET',
    path: '/access/acl',
    parameters: {},
    answer: ({ cluster }) => cluster.access.acl.map((entry) => ({ ...entry, propagate: Number(entry.propagate) })),
  }),
  route({
    method: 'PUT',
    path: '/access/acl',
    parameters: {
      delete: flag().optional(),
      groups: text().optional(),
      path: text(),
      propagate: flag().optional(),
      roles: text(),
      tokens: text().optional(),
      users: text().optional(),
    },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      assertPrivilege(cluster, caller, parameters.path, ['Permissions.Modify'])
      assertWritable(cluster, 'user.cfg')
      changeAcl(cluster, parameters)
      return null
    },
  }),
  route({
    method: 'GET',
    path: '/access/roles',
    parameters: {},
    answer: ({ cluster }) =>
      [...cluster.access.roles].map(([roleid, privileges]) => ({ roleid, privs: privileges.join(','), special: 1 })),
  }),
  route({
    method: 'GET',
    path: '/access/users/{userid}/token',
    parameters: { userid: userId() },
    answer: ({ cluster, caller, parameters }) => {
      assertOwner(cluster, caller, parameters.userid)
      const own = [...cluster.access.tokens.values()].filter(({ id }) => id.startsWith(`${parameters.userid}!`))
      return own.map((each) => ({ tokenid: each.id.split('!')[1], ...shownToken(each) }))
    },
  }),
  route({
    method: 'GET',
    path: '/access/users/{userid}/token/{tokenid}',
    parameters: token,
    answer: ({ cluster, caller, parameters }) => {
      assertOwner(cluster, caller, parameters.userid)
      const id = `${parameters.userid}!${parameters.tokenid}`
      const found = cluster.access.tokens.get(id)
      if (!found)
        throw parameterRefusal({ tokenid: `no such token '${parameters.tokenid}' for user '${parameters.userid}'` })
      return shownToken(found)
    },
  }),
  route({
    method: 'POST',
    path: '/access/users/{userid}/token/{tokenid}',
    parameters: { ...token, comment: text().optional(), expire: integer(0).optional(), privsep: flag().optional() },
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      const { userid, tokenid, comment, expire = 0, privsep = true } = parameters
      assertOwner(cluster, caller, userid)
      const { access } = cluster
      assertWritable(cluster, 'user.cfg')
      const id = `${userid}!${tokenid}`
      if (access.tokens.has(id)) throw parameterRefusal({ tokenid: 'Token already exists.' })
      const secret = randomUUID()
      const made = { id, secret, privsep, expire, ...(comment !== undefined && { comment }) }
      access.tokens.set(id, made)
      return { 'full-tokenid': id, value: secret, info: shownToken(made) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/access/users/{userid}/token/{tokenid}',
    parameters: token,
    isProtected: true,
    answer: ({ cluster, caller, parameters }) => {
      assertOwner(cluster, caller, parameters.userid)
      const id = `${parameters.userid}!${parameters.tokenid}`
      assertWritable(cluster, 'user.cfg')
      if (!cluster.access.tokens.delete(id))
        throw new Error(`no such token '${parameters.tokenid}' for user '${parameters.userid}'`)
      cluster.access.acl = cluster.access.acl.filter(({ ugid }) => ugid !== id)
      return null
    },
  }),
]

function assertOwner(cluster: Cluster, caller: { id: string; isTicket: boolean }, userid: string): void {
  if (caller.id === userid) return
  assertPrivilege(cluster, caller, '/access/groups', ['User.Modify'])
}

function shownToken({ privsep, expire, comment }: { privsep: boolean; expire: number; comment?: string }) {
  return { privsep: Number(privsep), expire, ...(comment !== undefined && { comment }) }
}

type AclChange = {
  path: string
  roles: string
  tokens?: string | undefined
  users?: string | undefined
  groups?: string | undefined
  delete?: boolean | undefined
  propagate?: boolean | undefined
}

function changeAcl({ access }: Cluster, change: AclChange): void {
  const owners = [
    ...splitList(change.users ?? '').map((ugid) => ({ type: 'user' as const, ugid })),
    ...splitList(change.tokens ?? '').map((ugid) => ({ type: 'token' as const, ugid })),
    ...splitList(change.groups ?? '').map((ugid) => ({ type: 'group' as const, ugid })),
  ]
  if (owners.length === 0) throw parameterRefusal({ users: `either 'users', 'groups' or 'tokens' is required.` })
  for (const roleid of splitList(change.roles)) {
    if (!access.roles.has(roleid)) throw new Error(`update ACL failed: role '${roleid}' does not exist`)
    for (const { type, ugid } of owners) {
      if (type === 'token' && !access.tokens.has(ugid))
        throw new Error(`update ACL failed: token '${ugid}' does not exist`)
      access.acl = access.acl.filter(
        (entry) => entry.path !== change.path || entry.roleid !== roleid || entry.ugid !== ugid || entry.type !== type,
      )
      if (change.delete) continue
      access.acl.push({ path: change.path, type, ugid, roleid, propagate: change.propagate ?? true })
    }
  }
}

function knownPaths({ access, pools, vms }: Cluster): string[] {
  const fixed = [
    '/',
    '/access',
    '/access/groups',
    '/access/realm',
    '/mapping',
    '/nodes',
    '/pool',
    '/sdn',
    '/storage',
    '/vms',
  ]
  const own = [...pools.keys()].map((pool) => `/pool/${pool}`)
  const pooled = [...vms.values()].flatMap(({ vmid, pool }) => (pool === undefined ? [] : [`/vms/${vmid}`]))
  return [...new Set([...fixed, ...access.acl.map(({ path }) => path), ...own, ...pooled])].toSorted()
}

function shownPrivileges({ access, vms }: Cluster, id: string, path: string): Record<string, number> {
  const found = privilegesOn(access, id, path, (vmid) => vms.get(vmid)?.pool)
  return Object.fromEntries([...found].map(([privilege, propagate]) => [privilege, Number(propagate)]))
}

function capabilities(cluster: Cluster, user: string): Record<string, Record<string, number>> {
  const areas = {
    vms: '/vms',
    storage: '/storage',
    access: '/access',
    nodes: '/nodes',
    dc: '/',
    sdn: '/sdn',
    mapping: '/mapping',
  }
  return Object.fromEntries(Object.entries(areas).map(([area, path]) => [area, shownPrivileges(cluster, user, path)]))
}
