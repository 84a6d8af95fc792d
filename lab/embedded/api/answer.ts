import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../access/access.ts'
import type { Cluster } from '../cluster.ts'
import type { CallFault } from '../faults/fault-board.ts'
import { authenticate, unauthorised } from './auth.ts'
import { assertAllowed } from './permission.ts'
import { failure, parameterRefusal, Refusal, success, type Reply } from './reply.ts'
import { notImplemented, readBody, readTarget, readUpload, type RawParameters } from './request.ts'
import { findRoute, type Route } from './route.ts'

/** What to write: nothing at all where the connection is to break. */
export type Outcome = { reply: Reply | undefined; isProtected: boolean }

/** Answers one request. `trusted` is who asks where the way in says so by itself. */
export async function answer(
  cluster: Cluster,
  routes: readonly Route[],
  request: IncomingMessage,
  trusted?: Caller,
): Promise<Outcome> {
  const seen = { isProtected: false, isTicket: false }
  try {
    const { method, path, query } = readTarget(request)
    const fault = path.startsWith('/firedrill/') ? undefined : cluster.faults.meetCall(method, path)
    if (fault && isBefore(fault)) return { reply: await brokenReply(fault), isProtected: false }
    const caller = trusted ?? authenticate(request, cluster.access)
    seen.isTicket = caller?.isTicket === true
    const reply = await execute(cluster, routes, request, { method, path, query, caller, seen })
    return { reply: fault ? await brokenReply(fault) : reply, isProtected: seen.isProtected }
  } catch (error) {
    const isEarly = error instanceof Refusal && error.isEarly
    const isMalformed = isEarly && error.status >= 500 && ['POST', 'PUT', 'DELETE'].includes(request.method ?? '')
    // With a ticket Proxmox VE just closes on a body that it cannot read.
    if (isMalformed && seen.isTicket && !trusted) return { reply: undefined, isProtected: false }
    return { reply: failure(error), isProtected: seen.isProtected }
  }
}

type Asked = {
  method: string
  path: string
  query: RawParameters
  caller: Caller | undefined
  seen: { isProtected: boolean }
}

async function execute(
  cluster: Cluster,
  routes: readonly Route[],
  request: IncomingMessage,
  { method, path, query, caller, seen }: Asked,
): Promise<Reply> {
  const found = findRoute(routes, method, path)
  if (caller === undefined && found?.route.check !== 'world') throw unauthorised('No ticket')
  const { parameters, file } = found?.route.isUpload
    ? await readUpload(request)
    : { parameters: await readBody(request), file: undefined }
  if (!found) throw notImplemented(method, path)
  const { route, placeholders } = found
  const who = caller ?? { id: '', isTicket: true }
  if (!route.allowsToken && !who.isTicket) {
    throw new Refusal(403, `Permission check failed - ${path} not available with API token, need proper ticket.`)
  }
  seen.isProtected = route.isProtected
  const raw = merge(placeholders, { ...parameters, ...query })
  assertAllowed(cluster, who, route.check, raw)
  await reachNode(cluster, placeholders['node'])
  return success(await route.answer(cluster, who, raw, file))
}

function merge(placeholders: Readonly<Record<string, string>>, given: RawParameters): RawParameters {
  for (const [name, value] of Object.entries(placeholders)) {
    if (given[name] === undefined || isSame(given[name], value)) continue
    throw parameterRefusal({ [name]: 'duplicate parameter (already defined in URI) with conflicting values!' })
  }
  return { ...given, ...placeholders }
}

function isSame(given: unknown, value: string): boolean {
  return (typeof given === 'string' || typeof given === 'number') && String(given) === value
}

// Any node answers for all and forwards by the node in the path.
async function reachNode({ faults, localNode }: Cluster, node: string | undefined): Promise<void> {
  if (node === undefined || node === localNode || faults.nodeState(node) === 'up') return
  const isDown = faults.nodeState(node) === 'down'
  throw new Refusal(isDown ? 595 : 596, isDown ? 'No route to host' : 'Connection timed out', {
    isEarly: true,
    delayMs: faults.nodeDelayMs(node),
  })
}

function isBefore(fault: CallFault): boolean {
  return fault.kind !== 'garbled-reply' && fault.when === 'before'
}

async function brokenReply(fault: CallFault): Promise<Reply | undefined> {
  if (fault.kind === 'lost-reply') return undefined
  if (fault.kind === 'garbled-reply') {
    const { status, body, contentType } = fault
    return { status, reason: 'OK', text: { content: body, contentType } }
  }
  await sleep(fault.delayMs)
  return { status: fault.status, reason: fault.reason }
}
