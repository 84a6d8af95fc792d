import type { Account } from '../../accounts/accounts.ts'
import { emptyReply, jsonReply, type WebReply, type WebRequest } from '../../exchange.ts'
import { type Fields, parseForm, parseJsonObject } from '../../form.ts'
import type { WebFirewall } from '../../firewall.ts'
import { mayAsk } from '../acl.ts'
import { hasFeature } from '../release.ts'
import { type Call, type Endpoint, OtherReply, type Routes, UserError } from './endpoint.ts'

/** Who is asking: a program with a key, or a browser with a session (and, where it proved it, the page's token). */
export type Caller =
  { kind: 'key'; account: Account | undefined } | { kind: 'browser'; account: Account | undefined; hasToken: boolean }

/** Answers one call of the API: 404, 401, 403, 400, action, in this order. */
export async function answerApi(
  firewall: WebFirewall,
  routes: Routes,
  request: WebRequest,
  callerOf: (request: WebRequest) => Caller,
): Promise<WebReply> {
  const { release } = firewall.control.config
  const found = findEndpoint(routes, request.path, release)
  if (found === undefined) return jsonReply({ errorMessage: 'Endpoint not found' }, 404)
  const caller = callerOf(request)
  const refusal = refuse(caller, request, release)
  if (refusal !== undefined) return refusal
  const body = readBody(request, caller, release)
  if (body === undefined) return jsonReply({ status: 400, message: 'Invalid JSON syntax' }, 400)
  const call: Call = {
    firewall,
    account: caller.account ?? nobody,
    isPost: request.method === 'POST',
    params: found.params,
    fields: { ...Object.fromEntries(request.query), ...body },
  }
  const reply = await perform(found.endpoint, call)
  return caller.kind === 'browser' ? escaped(reply) : reply
}

const nobody: Account = { name: '', hash: '', privileges: new Set(), keys: [] }

function findEndpoint(
  routes: Routes,
  path: string,
  release: string,
): { endpoint: Endpoint; params: string[] } | undefined {
  const [, , module = '', controller = '', action = 'index', ...rest] = path.split('/')
  const wanted = [module, controller, action].map(bare).join('/')
  const name = Object.keys(routes).find((route) => bare(route) === wanted)
  const endpoint = name === undefined ? undefined : routes[name]
  const params = rest.filter((param) => param !== '').map(decode)
  if (endpoint === undefined || params.length < (endpoint.parameters ?? 0)) return undefined
  if (endpoint.feature !== undefined && !hasFeature(release, endpoint.feature)) return undefined
  return { endpoint, params }
}

// The case of letters means nothing to the router, and snake_case is CamelCase.
function bare(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

function decode(param: string): string {
  try {
    return decodeURIComponent(param)
  } catch {
    return param
  }
}

function refuse(caller: Caller, { url, method }: WebRequest, release: string): WebReply | undefined {
  const refusal = (status: number, message: string): WebReply =>
    caller.kind === 'key' ? jsonReply({ status, message }, status) : emptyReply(status)
  if (caller.account === undefined) return refusal(401, 'Authentication Failed')
  if (!mayAsk(caller.account, url, release)) return refusal(403, 'Forbidden')
  const changes = ['POST', 'PUT', 'DELETE'].includes(method)
  if (caller.kind === 'browser' && changes && !caller.hasToken) return emptyReply(403)
  return undefined
}

/** The fields of the body; undefined where JSON was promised and nothing came. */
function readBody({ headers, body }: WebRequest, { kind }: Caller, release: string): Fields | undefined {
  const type = (headers['content-type'] ?? '').replaceAll(' ', '').toLowerCase()
  if (type === 'application/x-www-form-urlencoded' || type.startsWith('application/x-www-form-urlencoded;')) {
    return parseForm(body)
  }
  if (type !== 'application/json' && type !== 'application/json;charset=utf-8') return {}
  if (body === '') return undefined
  return kind === 'key' && !hasFeature(release, 'jsonBodies') ? {} : (parseJsonObject(body) ?? {})
}

async function perform(endpoint: Endpoint, call: Call): Promise<WebReply> {
  try {
    const answer = await endpoint.answer(call)
    return answer instanceof OtherReply ? answer.reply : jsonReply(answer)
  } catch (error) {
    if (!(error instanceof UserError)) {
      return jsonReply({ errorMessage: 'Unexpected error, check log for details' }, 500)
    }
    const status = hasFeature(call.firewall.control.config.release, 'errorStatus') ? error.status : 500
    return jsonReply({ errorMessage: error.message, errorTitle: error.title }, status)
  }
}

// What goes to a browser may end up in a page.
function escaped(reply: WebReply): WebReply {
  if (typeof reply.body !== 'string' || !isJson(reply)) return reply
  const body = reply.body.replace(
    /[&<>]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '',
  )
  return { ...reply, body }
}

function isJson({ headers }: WebReply): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.startsWith('application/json')
}
