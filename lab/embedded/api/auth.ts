import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Access, Caller } from '../access/access.ts'
import { Refusal } from './reply.ts'

const delayMs = 3000
const ticketLifeMs = 2 * 3600 * 1000

/** Who asks, by cookie or else by token. Refuses with 401 after 3 s as Proxmox VE does; undefined where nobody says who he is. */
export function authenticate({ method, headers }: IncomingMessage, access: Access): Caller | undefined {
  const ticket = /(?:^|;\s*)PVEAuthCookie=([^;]*)/.exec(headers.cookie ?? '')?.[1]
  if (ticket !== undefined) return byTicket(access, decode(ticket), method, headers['csrfpreventiontoken'])
  const header = headers.authorization
  return header === undefined ? undefined : byToken(access, header)
}

/** 401, late and without a body. */
export function unauthorised(reason: string): Refusal {
  return new Refusal(401, reason, { isEarly: true, delayMs })
}

/** A new ticket for a user's password or still valid ticket; 401 after 3 s for anything else. */
export function issueTicket(access: Access, user: string, password: string): { ticket: string; csrf: string } {
  const known = access.passwords.get(user)
  const former = access.tickets.get(password)
  const isRenewal = former !== undefined && former.user === user && former.expiresAtMs > Date.now()
  if (!isRenewal && (known === undefined || !isEqual(password, known))) {
    throw new Refusal(401, 'authentication failure', { delayMs })
  }
  const stamp = Math.floor(Date.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')
  const ticket = `PVE:${user}:${stamp}::${randomBytes(64).toString('base64')}`
  const csrf = `${stamp}:${randomBytes(32).toString('base64')}`
  access.tickets.set(ticket, { user, csrf, expiresAtMs: Date.now() + ticketLifeMs })
  return { ticket, csrf }
}

function byTicket(
  access: Access,
  text: string,
  method: string | undefined,
  csrf: string | string[] | undefined,
): Caller {
  const found = access.tickets.get(text)
  if (!found || found.expiresAtMs < Date.now()) throw unauthorised('Authentication failed!')
  if (method !== 'GET' && csrf !== found.csrf) throw unauthorised('Permission denied - invalid csrf token')
  return { id: found.user, isTicket: true }
}

function byToken({ tokens }: Access, header: string): Caller {
  const given = /^PVEAPIToken[= ](.*)$/.exec(header)?.[1] ?? ''
  const cut = given.indexOf('=')
  const token = tokens.get(given.slice(0, cut))
  const isExpired = token !== undefined && token.expire > 0 && token.expire * 1000 < Date.now()
  if (!token || isExpired || !isEqual(given.slice(cut + 1), token.secret)) throw unauthorised('Authentication failed!')
  return { id: token.id, isTicket: false }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
