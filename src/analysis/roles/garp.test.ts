import { expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import type { CarpTakeover } from '../../model/takeover.ts'
import { factsOf } from '../facts.ts'
import { pairLab } from './fixture/pair-lab.ts'
import { measureGarp } from './garp.ts'

const wallZeroMs = 1_790_000_000_000
const step = {
  name: 'failover',
  action: 'fault' as const,
  kind: 'vm-stop',
  of: 'failover',
  ref: '$master',
  machines: ['fw1'],
  startMs: 1000,
  endMs: 9000,
  injectedMs: { sent: 1000, acked: 1001 },
  effect: null,
  effectMs: null,
  end: 'recovered' as const,
  observedUntilMs: 10_000,
}
const takeover: CarpTakeover = {
  step: 'failover',
  vhid: 1,
  from: 'fw1',
  to: 'fw2',
  lastAdvertMs: null,
  firstAdvertMs: null,
  reason: null,
}
const opened = (point: string, of: string | null): Event => ({
  type: 'capture-opened',
  atMs: 0,
  point,
  machine: 'pve1',
  device: 'tap1',
  network: 'lan',
  of,
  file: 'x.pcap',
  catches: ['carp', 'arp'],
})
const sync: Event = { type: 'wall-sync', atMs: 1, machine: 'pve1', sentMs: 0, wallMs: wallZeroMs + 0.5, receivedMs: 1 }
const advert = (atMs: number, point: string, src = '10.102.0.3'): Event => ({
  type: 'carp-advert',
  atMs,
  point,
  wallMs: wallZeroMs + atMs,
  srcMac: '00:00:5e:00:01:01',
  src,
  dst: '224.0.0.18',
  vhid: 1,
  advbase: 1,
  advskew: 100,
  counter: '0',
})
const arp = (atMs: number, point: string, targetIp = '10.102.0.1'): Event => ({
  type: 'arp',
  atMs,
  point,
  wallMs: wallZeroMs + atMs,
  srcMac: '00:00:5e:00:01:01',
  operation: 'request',
  senderMac: '00:00:5e:00:01:01',
  senderIp: '10.102.0.1',
  targetMac: '00:00:00:00:00:00',
  targetIp,
})
const tap = 'lan-fw2-tap'
const measured = (events: Event[], takeovers = [takeover]) => measureGarp(factsOf(events), pairLab, [step], takeovers)

test('the delay is from the new master’s first advertisement to its gratuitous ARP, by the clock that captured both', () => {
  const events = [opened(tap, 'fw2'), sync, advert(4000, tap), arp(4010, tap, '10.102.0.9'), arp(4012.5, tap)]
  const [pair, own] = measured(events)
  expect(pair?.interval?.low).toBeCloseTo(12.5, 2)
  expect(own).toMatchObject({ metric: 'garpDelay', stream: 'vhid-1', step: 'failover' })
  expect(own?.evidence).toMatch(/fw2 told its address .* after its first advertisement \(lan-fw2-tap\)/)
})

test('one that tells nobody has a delay of at least the time in which it was listened for', () => {
  const [pair] = measured([opened(tap, 'fw2'), sync, advert(4000, tap), advert(5400, tap)])
  expect(pair?.interval).toEqual({ low: 6000, high: Infinity })
})

test('at a machine inside the new master’s advertisements are told from the old one’s by their sender', () => {
  const at = 'lan-client'
  const [pair] = measured([opened(at, null), sync, advert(1100, at, '10.102.0.2'), advert(4000, at), arp(4003, at)])
  expect(pair?.interval?.low).toBeCloseTo(3, 2)
})

test('without a takeover, or captures of both, it is unknown', () => {
  expect(measured([opened(tap, 'fw2'), sync], []).map(({ interval }) => interval)).toEqual([null, null])
  expect(measured([sync, advert(4000, tap), arp(4003, tap)])[0]?.interval).toBeNull()
})

test('an IPv6 address is told by an unsolicited neighbour advertisement, however it is written', () => {
  const vip = { network: 'lan', vhid: 1, address: '2001:DB8:1:2:0::0254/64', advbase: 1, skew: {}, password: 'x' }
  const lab = { ...pairLab, pair: { ...pairLab.pair, vips: [vip] } }
  const neighbour = (atMs: number, isSolicited: boolean): Event => ({
    type: 'neighbour-advert',
    atMs,
    point: tap,
    wallMs: wallZeroMs + atMs,
    srcMac: '00:00:5e:00:01:01',
    src: '2001:db8:1:2::254',
    target: '2001:db8:1:2::254',
    mac: null,
    isSolicited,
    isOverride: true,
  })
  const events = [opened(tap, 'fw2'), sync, advert(4000, tap), neighbour(4001, true), neighbour(4007, false)]
  const [pair] = measureGarp(factsOf(events), lab, [step], [takeover])
  expect(pair?.interval?.low).toBeCloseTo(7, 2)
})

test('silence proves nothing where the capture missed packets', () => {
  const missed: Event = { type: 'capture-closed', atMs: 9999, point: tap, packets: 9, dropped: 1, reason: 'stopped' }
  expect(measured([opened(tap, 'fw2'), sync, advert(4000, tap), missed])[0]?.interval).toBeNull()
})
