import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../../../../ports/clock.ts'
import type { Exchange } from './exchange.ts'
import { ticketCredential } from './ticket.ts'

const auth = { user: 'drill@pam', passwordEnv: 'DRILL_PASSWORD' }
const environment = { DRILL_PASSWORD: 'open sesame' }
const { signal } = new AbortController()
const minute = 60_000

let nowMs = 0
let data: unknown
const logins: unknown[] = []
const clock: Clock = { nowMs: () => nowMs, sleep: async () => {} }
const exchange: Exchange = async ({ values }) => {
  logins.push(values['password'])
  return { data, sentMs: 0, ackedMs: 0, serverTimeS: null }
}

beforeEach(() => {
  nowMs = 0
  data = { ticket: 'PVE:drill@pam:HEX::a+b/c=', CSRFPreventionToken: 'HEX:csrf', username: 'drill@pam' }
})
afterEach(() => void (logins.length = 0))

const cookie = `PVEAuthCookie=${encodeURIComponent('PVE:drill@pam:HEX::a+b/c=')}`

test('one login serves all calls: a cookie always, a CSRF token for what changes something', async () => {
  const { headers, user } = ticketCredential(auth, environment, exchange, clock)
  expect(await Promise.all([headers(true, signal), headers(false, signal)])).toEqual([
    { cookie },
    { cookie, CSRFPreventionToken: 'HEX:csrf' },
  ])
  expect(user).toBe('drill@pam')
  expect(logins).toEqual(['open sesame'])
})

test('a ticket is renewed with itself before its end, and with the password after it', async () => {
  const { headers } = ticketCredential(auth, environment, exchange, clock)
  await headers(true, signal)
  nowMs = 89 * minute
  await headers(true, signal)
  nowMs = 91 * minute
  await headers(true, signal)
  nowMs = 91 * minute + 119 * minute
  await headers(true, signal)
  expect(logins).toEqual(['open sesame', 'PVE:drill@pam:HEX::a+b/c=', 'open sesame'])
})

test.each([{ NeedTFA: 1, ticket: 'PVE:!tfa!x', CSRFPreventionToken: 'x' }, { ticket: null }, {}])(
  'half a login is none: %j',
  async (reply) => {
    data = reply
    const { headers } = ticketCredential(auth, environment, exchange, clock)
    await expect(headers(true, signal)).rejects.toThrow('only half a login')
  },
)

test('without a password nothing is tried', () => {
  expect(() => ticketCredential(auth, {}, exchange, clock)).toThrow(
    'expected the password of drill@pam in $DRILL_PASSWORD',
  )
})

test('an abort leaves the wait for another login', async () => {
  let finish = () => {}
  const slow: Exchange = async (message) => {
    await new Promise<void>((resolve) => (finish = resolve))
    return await exchange(message)
  }
  const { headers } = ticketCredential(auth, environment, slow, clock)
  const first = headers(true, signal)
  const abort = new AbortController()
  const second = headers(true, abort.signal)
  abort.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  finish()
  expect(await first).toEqual({ cookie })
})
