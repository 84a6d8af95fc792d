import { type Account, readAccounts } from '../accounts/accounts.ts'
import type { Session, Sessions } from '../accounts/sessions.ts'
import { basicCredentials, cookieOf, type WebRequest } from '../exchange.ts'
import type { WebFirewall } from '../firewall.ts'
import type { Caller } from './api/dispatch.ts'

/** Who may come in, as config.xml says at the moment. */
export type Authentication = {
  /** Whoever calls the API: with an `Authorization` header a program, without one a browser. */
  callerOf: (request: WebRequest) => Caller
  sessionOf: (request: WebRequest) => Session | undefined
  /** The user of a session. */
  accountOf: (session: Session) => Account | undefined
  /** The user that a name and password belong to. */
  byPassword: (name: string, password: string) => Account | undefined
}

const cookie = 'PHPSESSID'

export function createAuthentication(
  firewall: WebFirewall,
  sessions: Sessions,
  fits: (secret: string, hash: string) => boolean,
): Authentication {
  const accounts = (): Account[] => readAccounts(firewall.control.store.read())
  const isRevoked = firewall.control.config.defects.some((defect) => defect === 'api-key-revoked')
  const byKey = ({ user, password }: { user: string; password: string }): Account | undefined => {
    return isRevoked
      ? undefined
      : accounts().find(({ keys }) => keys.some(({ key, hash }) => key === user && fits(password, hash)))
  }
  const sessionOf = (request: WebRequest): Session | undefined => sessions.find(cookieOf(request, cookie))
  const accountOf = ({ user }: Session): Account | undefined => accounts().find(({ name }) => name === user)
  return {
    sessionOf,
    accountOf,
    byPassword: (name, password) => accounts().find((each) => each.name === name && fits(password, each.hash)),
    callerOf: (request) => {
      if (request.headers.authorization !== undefined) {
        const credentials = basicCredentials(request)
        return { kind: 'key', account: credentials && byKey(credentials) }
      }
      const session = sessionOf(request)
      const hasToken = session !== undefined && request.headers['x-csrftoken'] === session.token
      return { kind: 'browser', account: session && accountOf(session), hasToken }
    },
  }
}

/** The header that makes a browser keep a session. */
export function sessionCookie({ id }: Session): Record<string, string> {
  return { 'set-cookie': `${cookie}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax` }
}
