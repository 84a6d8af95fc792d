import { type Account, holds } from '../../accounts/accounts.ts'
import { type Json, jsonReply, type WebReply, type WebRequest } from '../../exchange.ts'
import { type Fields, parseForm, parseJsonObject } from '../../form.ts'
import type { WebFirewall } from '../../firewall.ts'
import { type RestAction, RestError, type RestRoutes, type Verb } from './endpoint.ts'

const prefix = '/api/v2'
const statusNames: Readonly<Record<number, string>> = {
  200: 'ok',
  400: 'bad request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  415: 'unsupported media type',
  500: 'internal server error',
}

/** Answers one call of the REST package in its envelope. */
export async function answerRest(
  firewall: WebFirewall,
  routes: RestRoutes,
  request: WebRequest,
  accountOf: (request: WebRequest) => Account | undefined,
): Promise<WebReply> {
  try {
    const action = findAction(routes, request)
    const account = accountOf(request)
    if (account === undefined) throw new RestError(401, 'AUTH_AUTHENTICATION_FAILED', 'Authentication failed')
    if (!holds(account, privilegeFor(request))) {
      throw new RestError(403, 'AUTH_AUTHORIZATION_FAILED', 'Authorization failed')
    }
    return envelope(200, 'SUCCESS', '', await action({ firewall, account, fields: readFields(request) }))
  } catch (error) {
    if (error instanceof RestError) return envelope(error.status, error.responseId, error.message, [])
    return envelope(500, 'UNKNOWN_SERVER_ERROR', 'The server failed.', [])
  }
}

/** The privilege of one verb of one endpoint, like `api-v2-status-carp-patch`. */
function privilegeFor({ path, method }: Pick<WebRequest, 'path' | 'method'>): string {
  return `${path.slice(1).replaceAll(/[/_]/g, '-')}-${method.toLowerCase()}`
}

function findAction(routes: RestRoutes, { path, method }: WebRequest): RestAction {
  const route = path.slice(prefix.length).replace(/\/$/, '')
  const verbs = Object.hasOwn(routes, route) ? routes[route] : undefined
  if (verbs === undefined) throw new RestError(404, 'ENDPOINT_NOT_FOUND', 'The requested endpoint was not found.')
  const action = isVerb(method) ? verbs[method] : undefined
  if (action !== undefined) return action
  const message = `Resource at \`${path}\` does not support \`${method}\` requests.`
  throw new RestError(405, 'ENDPOINT_METHOD_NOT_ALLOWED', message)
}

function isVerb(method: string): method is Verb {
  return ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].includes(method)
}

function readFields({ method, headers, query, body }: WebRequest): Fields {
  if (method === 'GET' || method === 'DELETE' || body === '') return Object.fromEntries(query)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded') return parseForm(body)
  if (type !== 'application/json') {
    throw new RestError(415, 'CONTENT_HANDLER_NOT_FOUND', `No content handler for \`${type ?? ''}\`.`)
  }
  const fields = parseJsonObject(body)
  if (fields === undefined) throw new RestError(400, 'INVALID_JSON', 'The request body is no JSON object.')
  return fields
}

function envelope(code: number, responseId: string, message: string, data: Json): WebReply {
  const content = { code, status: statusNames[code] ?? 'error', response_id: responseId, message, data }
  return jsonReply(content, code, 'application/json')
}
