import { describe, expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { observedStep } from '../fixture/observed-step.ts'
import { account } from './fixture/pair-account.ts'
import { pairLab } from './fixture/pair-lab.ts'
import { measureLeases } from './leases.ts'

const dhcp = [
  { network: 'lan', ranges: { fw1: '10.102.0.10-10.102.0.99', fw2: '10.102.0.200-10.102.0.220' }, delay: { fw2: 5 } },
]
const lab = { ...pairLab, pair: { ...pairLab.pair, dhcp } }
const opened: Event = {
  type: 'stream-opened',
  atMs: 0,
  stream: 'renewals',
  kind: 'dhcp-renew',
  class: 'packets',
  from: 'client',
  to: 'fw1',
  everyMs: 2000,
  timeoutMs: 2000,
  sessions: 0,
  settings: {},
}
const lease = (atMs: number, address: string, server: string, state: 'obtained' | 'rebound' = 'obtained'): Event => ({
  type: 'lease',
  atMs,
  stream: 'renewals',
  state,
  machineMs: atMs,
  address,
  server,
})
/** fw1 is master until 10 s, fw2 from then on. */
const [early, late] = [
  { fromMs: 0, toMs: 10_000 },
  { fromMs: 10_000, toMs: 60_000 },
]
const accounts = [account('fw1', [early], [late]), account('fw2', [late], [early])]
const measured = (...leases: Event[]) =>
  measureLeases(factsOf([opened, ...leases]), lab, accounts, [
    observedStep({ startMs: 9000, observedUntilMs: 60_000 }),
  ])[0]

describe('leases', () => {
  test('are right from the firewall that answers first, from its own pool, also before the first step', () => {
    expect(measured(lease(8000, '10.102.0.10', '10.102.0.2'))).toMatchObject({
      metric: 'misleased',
      stream: 'renewals',
      interval: { low: 0, high: 0 },
      evidence: '1 lease: 10.102.0.10 by 10.102.0.2',
    })
  })

  test('are right from the other one when the first is gone', () => {
    expect(measured(lease(20_000, '10.102.0.200', '10.102.0.3'))?.interval).toEqual({ low: 0, high: 0 })
  })

  test('are wrong from the other one while the first is there', () => {
    const found = measured(lease(8000, '10.102.0.200', '10.102.0.3'))
    expect(found?.interval).toEqual({ low: 1, high: 1 })
    expect(found?.evidence).toContain('fw2 gave 10.102.0.200 although fw1, which answers 5 s earlier, was there')
  })

  test.each([
    ['the pool of the other', '10.102.0.200', '10.102.0.2', 'fw1 gave 10.102.0.200, which is not of its pool'],
    ['no pool at all', '10.102.0.150', '10.102.0.2', 'fw1 gave 10.102.0.150, which is not of its pool'],
    ['a stranger', '10.102.0.10', '10.102.0.77', '10.102.0.10 came from 10.102.0.77, which is neither firewall'],
  ])('are wrong from %s', (_, address, server, said) => {
    const found = measured(lease(20_000, address, server))
    expect(found?.interval).toEqual({ low: 1, high: 1 })
    expect(found?.evidence).toContain(said)
  })

  test('may be renewed by either', () => {
    expect(measured(lease(20_000, '10.102.0.10', '10.102.0.3', 'rebound'))?.interval).toEqual({ low: 0, high: 0 })
  })

  test('are not measurable where none was given', () => {
    expect(measured()?.interval).toBeNull()
  })
})
