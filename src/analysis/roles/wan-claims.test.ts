import { describe, expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { observedStep } from '../fixture/observed-step.ts'
import { account } from './fixture/pair-account.ts'
import { pairLab } from './fixture/pair-lab.ts'
import type { Span } from './spans.ts'
import { measureWanClaims } from './wan-claims.ts'

const lab = {
  ...pairLab,
  machines: {
    fw1: { image: 'x', nics: { wan: { dhcp: true as const }, lan: '10.102.0.2/24' } },
    fw2: { image: 'x', nics: { wan: { dhcp: true as const }, lan: '10.102.0.3/24' } },
  },
  pair: { ...pairLab.pair, wanHook: true },
}
const opened = (of: string): Event => ({
  type: 'capture-opened',
  atMs: 0,
  point: `wan-${of}-tap`,
  machine: 'pve1',
  device: 'tap1',
  network: 'wan',
  of,
  file: 'x.pcap',
  catches: ['arp', 'dhcp'],
})
const sync: Event = { type: 'wall-sync', atMs: 0, machine: 'pve1', sentMs: 0, wallMs: 1000, receivedMs: 0 }
const arp = (atMs: number, of: string): Event => ({
  type: 'arp',
  atMs,
  point: `wan-${of}-tap`,
  wallMs: 1000 + atMs,
  srcMac: 'bc:24:11:65:01:50',
  operation: 'request',
  senderMac: 'bc:24:11:65:01:50',
  senderIp: '10.101.0.150',
  targetMac: '00:00:00:00:00:00',
  targetIp: '10.101.0.254',
})
const both = [opened('fw1'), opened('fw2'), sync]
/** fw1 is master until 10 s, fw2 from then on. */
const early: Span = { fromMs: 0, toMs: 10_000 }
const late: Span = { fromMs: 10_000, toMs: 60_000 }
const accounts = [account('fw1', [early], [late]), account('fw2', [late], [early])]
const measured = (events: Event[], own = accounts, given = lab) =>
  measureWanClaims(factsOf(events), given, own, [observedStep({ startMs: 5000, observedUntilMs: 60_000 })])[0]

describe('the leased WAN', () => {
  test('is used by who is master, and by the former one while it hands over', () => {
    const found = measured([...both, arp(6000, 'fw1'), arp(12_000, 'fw1'), arp(12_500, 'fw2')])
    expect(found).toMatchObject({ metric: 'wanClaims', stream: 'pair', interval: { low: 0, high: 0 } })
    expect(found?.evidence).toMatch(/^3 ARP or DHCP messages on the leased WAN, all of them/)
  })

  test('is claimed wrongly by a firewall that has not been master for 3 s', () => {
    const found = measured([...both, arp(20_000, 'fw1'), arp(21_000, 'fw2')])
    expect(found?.interval).toEqual({ low: 1, high: 1 })
    expect(found?.evidence).toContain(
      'fw1 sent ARP request 15.00 s into the step although the other was the only master',
    )
  })

  test('may be claimed wrongly where nobody knows who was master', () => {
    const unsure = [account('fw1', [early], []), account('fw2', [], [early])]
    expect(measured([...both, arp(20_000, 'fw1')], unsure)?.interval).toEqual({ low: 0, high: 1 })
  })

  test('is not measurable where nobody listened to one of the two', () => {
    expect(measured([opened('fw1'), sync, arp(6000, 'fw1')])?.interval).toBeNull()
  })

  test('is nothing to measure in a lab without a WAN hook', () => {
    expect(measured(both, accounts, { ...lab, pair: pairLab.pair })).toBeUndefined()
  })
})
