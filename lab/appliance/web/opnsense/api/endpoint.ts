import type { Account } from '../../accounts/accounts.ts'
import type { Json, WebReply } from '../../exchange.ts'
import type { Fields } from '../../form.ts'
import type { WebFirewall } from '../../firewall.ts'
import type { Feature } from '../release.ts'

/** One call of the API, already let in. */
export type Call = {
  firewall: WebFirewall
  account: Account
  isPost: boolean
  /** What follows the action in the address, decoded. */
  params: readonly string[]
  /** Query and body, the body winning. */
  fields: Fields
}

/** An action: what it must be given and what it answers. */
export type Endpoint = {
  /** How many parameters the address must have; 0 where absent. */
  parameters?: number
  /** The feature of the release that brings the action; always there where absent. */
  feature?: Feature
  answer: (call: Call) => Answer | Promise<Answer>
}

/** JSON, or a reply of another type. */
export type Answer = Json | OtherReply

/** A reply that is no JSON. */
export class OtherReply {
  readonly reply: WebReply

  constructor(reply: WebReply) {
    this.reply = reply
  }
}

/** Actions by `module/controller/action`, in snake_case. */
export type Routes = Readonly<Record<string, Endpoint>>

/** A mistake of the user that the API tells with title and text. `status` counts from 26.7 on, before it is always 500. */
export class UserError extends Error {
  override name = 'UserError'
  readonly title: string
  readonly status: number

  constructor(message: string, title = '', status = 400) {
    super(message)
    this.title = title
    this.status = status
  }
}

/** Throws for accounts that may only read. */
export function refuseReadOnly({ account }: Call): void {
  if (!account.privileges.has('user-config-readonly')) return
  throw new UserError(`User ${account.name} denied for write access (user-config-readonly set)`, '', 403)
}
