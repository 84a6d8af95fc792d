import type { Account } from '../../accounts/accounts.ts'
import type { Json } from '../../exchange.ts'
import type { Fields } from '../../form.ts'
import type { WebFirewall } from '../../firewall.ts'

/** One call of the REST package, already let in. */
export type RestCall = { firewall: WebFirewall; account: Account; fields: Fields }

/** Answers with what goes into `data`. */
export type RestAction = (call: RestCall) => Json | Promise<Json>

/** Actions by address without `/api/v2`, then by verb. */
export type RestRoutes = Readonly<Record<string, Readonly<Partial<Record<Verb, RestAction>>>>>

export type Verb = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** A refusal with the package's own code for it. */
export class RestError extends Error {
  override name = 'RestError'
  readonly status: number
  readonly responseId: string

  constructor(status: number, responseId: string, message: string) {
    super(message)
    this.status = status
    this.responseId = responseId
  }
}

/** A field that has to be there, as a boolean. */
export function requiredBoolean(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (value === undefined) throw new RestError(400, 'FIELD_IS_REQUIRED', `Field \`${name}\` is required.`)
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  const message = `Field \`${name}\` must be of type \`boolean\`.`
  throw new RestError(400, 'FIELD_INVALID_TYPE', message)
}

/** A field that has to be there, as a text. */
export function requiredText(fields: Fields, name: string): string {
  const value = fields[name]
  if (value === undefined) throw new RestError(400, 'FIELD_IS_REQUIRED', `Field \`${name}\` is required.`)
  if (typeof value === 'string') return value
  throw new RestError(400, 'FIELD_INVALID_TYPE', `Field \`${name}\` must be of type \`string\`.`)
}
