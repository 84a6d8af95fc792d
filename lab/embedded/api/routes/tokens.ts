import { randomUUID } from 'node:crypto'
import type { Caller } from '../../access/access.ts'
import { assertWritable, type Cluster } from '../../cluster.ts'
import { flag, integer, named, text } from '../parameter.ts'
import { assertPrivilege } from '../permission.ts'
import { parameterRefusal } from '../reply.ts'
import { route } from '../route.ts'

const userId = () => named(/^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/, 'user ID')
const tokenId = () => named(/^[A-Za-z][A-Za-z0-9.\-_]+$/, 'token ID')
const token = { userid: userId(), tokenid: tokenId() }

/** Endpoints about API tokens. */
export const tokenRoutes = [
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

function assertOwner(cluster: Cluster, caller: Caller, userid: string): void {
  if (caller.id === userid) return
  assertPrivilege(cluster, caller, '/access/groups', ['User.Modify'])
}

function shownToken({ privsep, expire, comment }: { privsep: boolean; expire: number; comment?: string }) {
  return { privsep: Number(privsep), expire, ...(comment !== undefined && { comment }) }
}
