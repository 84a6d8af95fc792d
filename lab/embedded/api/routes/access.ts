import { privilegesOn } from '../../access/access.ts'
import type { Cluster } from '../../cluster.ts'
import { assertWritable } from '../../cluster.ts'
import { splitList } from '../../vm/config-keys.ts'
import { issueTicket } from '../auth.ts'
import { flag, text } from '../parameter.ts'
import { assertPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'

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
]

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
