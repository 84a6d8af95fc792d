import { timingSafeEqual } from 'node:crypto'
import { Refusal } from './reply.ts'

const delayMs = 3000

/** Checks the `Authorization` header and returns the user, `USER@REALM!ID`. Refuses with 401 after 3 s as Proxmox VE does. */
export function authenticate(header: string | undefined, token: string): string {
  if (header === undefined) throw new Refusal(401, 'No ticket', { isEarly: true, delayMs })
  const given = /^PVEAPIToken[= ](.*)$/.exec(header)?.[1] ?? ''
  if (!isEqual(given, token)) throw new Refusal(401, 'Authentication failed!', { isEarly: true, delayMs })
  return token.slice(0, token.indexOf('='))
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
